import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { refuseUnless } from "../errors.ts";
import type { Answer, Question } from "./link.ts";
import { TrainingHost } from "./trainingHost.ts";

/** What a worker sees of its page. */
interface Page {
  addEventListener(type: "message", listener: (event: MessageEvent<Question>) => void): void;
  postMessage(answer: Answer): void;
}

/**
 * Makes the worker it is called in one that `createTrainer` can train in; before anything is awaited, or it misses its first message.
 * `wasm-dqn/worker` does just this.
 * @param environment an environment of your own for all that this worker trains
 */
export function serveTrainer(environment?: EnvironmentSpec): void {
  const page = globalThis as unknown as Page;
  const inWorker = typeof page.addEventListener === "function" && !("document" in globalThis);
  refuseUnless(inWorker, "serveTrainer", "called in a worker of a browser", environment);
  const host = new TrainingHost((snapshot) => page.postMessage({ snapshot }), environment);
  page.addEventListener("message", async ({ data }) => {
    const { method, number, values } = data;
    try {
      page.postMessage({ number, value: await Reflect.apply(host[method], host, values) });
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      page.postMessage({ number, name, message });
    }
  });
}

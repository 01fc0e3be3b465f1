import type { EnvironmentFactory } from "../environments/customEnvironment.ts";
import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { refuseUnless } from "../errors.ts";
import type { HostRequest, HostResponse } from "./link.ts";
import { TrainingHost } from "./trainingHost.ts";

/** The global scope of a worker. */
interface WorkerScope {
  addEventListener(type: "message", listener: (event: MessageEvent<HostRequest>) => void): void;
  postMessage(response: HostResponse): void;
}

/**
 * Serves a trainer from the worker that calls it. Call it before the worker's first `await`, or it misses the first message.
 * Importing `wasm-dqn/worker` calls it.
 * @param environment class or function that makes your own environment, for all training in this worker
 */
export function serveTrainer(environment?: EnvironmentFactory | EnvironmentSpec): void {
  const scope = globalThis as unknown as WorkerScope;
  const inWorker = typeof scope.addEventListener === "function" && !("document" in globalThis);
  refuseUnless(inWorker, "serveTrainer", "called in a browser's worker", environment);
  const host = new TrainingHost((snapshot) => scope.postMessage({ snapshot }), environment);
  scope.addEventListener("message", async ({ data }) => {
    const { id, method, values } = data;
    try {
      scope.postMessage({ id, value: await Reflect.apply(host[method], host, values) });
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      scope.postMessage({ id, name, message });
    }
  });
}

import { Worker } from "node:worker_threads";
import type { Observation, Request, Verdict } from "./worker.ts";

/** Maximum time for a worker to start. */
const START_MILLISECONDS = 60_000;

/** A worker thread that is terminated and replaced if a test exceeds its time: a mutant may loop forever. */
export class Crew {
  #worker: Worker | undefined;
  #progress = new Int32Array(new SharedArrayBuffer(8));

  observe(request: Extract<Request, { kind: "observe" }>): Promise<Observation | string> {
    return this.#ask<Observation>(request);
  }

  /** The test that noticed the mutant, "hung" or "crashed: ..."; null if nothing did. */
  try(request: Extract<Request, { kind: "try" }>): Promise<Verdict | string | null> {
    return this.#ask<Verdict | null>(request);
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = undefined;
  }

  #ask<Answer>(request: Request): Promise<Answer | string> {
    this.#worker ??= new Worker(new URL("worker.js", import.meta.url), {
      workerData: { progress: this.#progress },
      resourceLimits: { maxOldGenerationSizeMb: 1_500 },
      stdout: true,
      stderr: true,
    });
    const worker = this.#worker;
    this.#progress[1] = START_MILLISECONDS;
    return new Promise((resolve) => {
      let count = -1;
      let since = 0;
      const end = (answer: Answer | string, broken = false) => {
        clearInterval(watch);
        worker.removeAllListeners("message");
        worker.removeAllListeners("error");
        if (!broken) return resolve(answer);
        this.#worker = undefined;
        worker.terminate().then(() => resolve(answer));
      };
      const watch = setInterval(() => {
        const now = Atomics.load(this.#progress, 0);
        if (now !== count) {
          count = now;
          since = performance.now();
        } else if (performance.now() - since > this.#progress[1]!) {
          end("hung", true);
        }
      }, 50);
      worker.on("message", (answer: Answer) => end(answer));
      worker.on("error", (error: Error) => end(`crashed: ${error.message}`, true));
      worker.postMessage(request);
    });
  }
}

/** Distributes items over the workers; each worker takes the next item when it is free. */
export async function share<Item>(
  crews: readonly Crew[],
  items: readonly Item[],
  work: (item: Item, crew: Crew) => Promise<void>,
): Promise<void> {
  const left = [...items];
  await Promise.all(
    crews.map(async (crew) => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item, crew);
      await crew.close();
    }),
  );
}

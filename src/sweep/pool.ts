// tinypool: Vitest's own pool of worker threads, MIT, without dependencies.
import Tinypool from "tinypool";
import { failedTrial, type Trial, type TrialResult } from "./trial.ts";

/** Worker threads that run trials. */
export class TrialPool {
  readonly #pool: Tinypool;

  constructor(workers: number) {
    this.#pool = new Tinypool({
      filename: new URL("./worker.js", import.meta.url).href,
      minThreads: workers,
      maxThreads: workers,
      isolateWorkers: false,
    });
  }

  /** Runs a trial on the next free thread. A thread that dies is a failed trial. */
  async run(trial: Trial): Promise<TrialResult> {
    try {
      return (await this.#pool.run(trial)) as TrialResult;
    } catch (error) {
      return failedTrial(trial, error);
    }
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}

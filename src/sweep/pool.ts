import type { ResourceLimits } from "node:worker_threads";
// tinypool: Vitest's own pool of worker threads, MIT, without dependencies.
import Tinypool from "tinypool";
import { failedTrial, type Trial, type TrialResult } from "./trial.ts";

export interface TrialPoolOptions {
  /** The module whose default export runs a trial on a thread. */
  readonly module?: URL;
  /** Memory that a thread may have. */
  readonly resourceLimits?: ResourceLimits;
}

/** Worker threads that run trials. */
export class TrialPool {
  readonly #pool: Tinypool;
  readonly #watched = new WeakSet<object>();
  #closing = false;

  constructor(workers: number, { module, resourceLimits = {} }: TrialPoolOptions = {}) {
    this.#pool = new Tinypool({
      filename: (module ?? new URL("./worker.js", import.meta.url)).href,
      minThreads: workers,
      maxThreads: workers,
      isolateWorkers: false,
      resourceLimits,
    });
    // A thread that dies while it has no trial is replaced, as any other.
    this.#pool.on("error", () => undefined);
    this.#watch();
  }

  /** Runs a trial on the next free thread. A thread that dies is a failed trial, and another takes its place. */
  async run(trial: Trial): Promise<TrialResult> {
    try {
      return (await this.#pool.run(trial)) as TrialResult;
    } catch (error) {
      return failedTrial(trial, error);
    }
  }

  /** Tells the pool of threads that end without an error, for whose trials it would wait for ever. */
  #watch(): void {
    // It replaces none that dies before it has begun; with none left nobody would take the trials that wait.
    if (this.#pool.threads.length === 0) this.#pool.cancelPendingTasks();
    for (const worker of this.#pool.threads) {
      if (this.#watched.has(worker)) continue;
      this.#watched.add(worker);
      let failed = false;
      worker.on("error", () => {
        failed = true;
        if (!this.#closing) this.#watch();
      });
      worker.on("exit", (code) => {
        if (failed || this.#closing) return;
        worker.emit("error", new Error(`The worker thread ended with exit code ${code}.`));
      });
    }
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.#pool.destroy();
  }
}

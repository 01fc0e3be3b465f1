// Not the package tinypool: tinypool reports a thread that cannot start as a failed task, and never finishes under Deno.
import { once } from "node:events";
import { type ResourceLimits, Worker } from "node:worker_threads";
import { RunError, reasonOf } from "../errors.ts";
import type { Bytes } from "../typedArrays.ts";
import type { TrialEnd } from "./runTrial.ts";
import { failedTrial, type Trial, type TrialResult } from "./trial.ts";

/** Modules that a thread of trials loads, and folder that it writes. */
export interface ThreadSetting {
  /** Paths of the modules of own environments. */
  readonly modules: readonly string[];
  /** Folder of the sweep, if each trial's policy and curves are kept in it. */
  readonly keep: string | null;
}

/** Message to a thread: a trial to run. */
export interface TrialOrder {
  readonly trial: Trial;
  /** Checkpoint of the round before, if the sweep has no folder for it. */
  readonly checkpoint: Bytes | null;
}

/** Message of a thread: how a trial ended. */
export interface TrialAnswer extends TrialEnd {
  readonly result: TrialResult;
}

export interface TrialPoolOptions {
  /** Module of a thread. It posts a message when it is ready, then a `TrialAnswer` to each `TrialOrder`. */
  readonly module?: URL;
  /** Memory limits of a thread. */
  readonly resourceLimits?: ResourceLimits;
  /** Passed to each thread. */
  readonly setting?: ThreadSetting;
}

/** Pool of worker threads that run trials. */
export class TrialPool {
  /** Number of trials that run at the same time. */
  readonly lanes: number;
  readonly #module: URL;
  readonly #resourceLimits: ResourceLimits;
  readonly #setting: ThreadSetting;
  readonly #threads = new Set<Worker>();
  readonly #idle: Worker[] = [];
  /** Callbacks that give a lane to a waiting `run`, oldest first. */
  readonly #pending: (() => void)[] = [];
  #free: number;
  #closing = false;

  constructor(workers: number, { module, resourceLimits = {}, setting }: TrialPoolOptions = {}) {
    this.lanes = workers;
    this.#free = workers;
    this.#module = module ?? new URL("./trialThread.js", import.meta.url);
    this.#resourceLimits = resourceLimits;
    this.#setting = setting ?? { modules: [], keep: null };
  }

  /**
   * Runs a trial on the next free thread. If the thread ends early, the trial has failed and a new thread replaces it.
   * @throws RunError if a thread cannot start, which is not a failure of the trial
   */
  async run(trial: Trial): Promise<TrialResult> {
    return (await this.answer({ trial, checkpoint: null })).result;
  }

  /** Runs a trial like `run`, from a checkpoint. Also returns the checkpoint for the next round. Takes the memory of the given one. */
  async answer(order: TrialOrder): Promise<TrialAnswer> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#pending.push(resolve));
    try {
      const thread = this.#idle.pop() ?? (await this.#start());
      return await this.#runOn(thread, order);
    } finally {
      const next = this.#pending.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }

  async #start(): Promise<Worker> {
    try {
      if (this.#closing) throw new Error("the pool is closed");
      const thread = new Worker(this.#module, {
        resourceLimits: this.#resourceLimits,
        workerData: this.#setting,
      });
      this.#threads.add(thread);
      thread.once("exit", () => {
        this.#threads.delete(thread);
        const at = this.#idle.indexOf(thread);
        if (at !== -1) this.#idle.splice(at, 1);
      });
      // Without a listener, an error of an idle thread would end the process. "exit" handles it.
      thread.on("error", () => undefined);
      await nextMessage(thread);
      return thread;
    } catch (error) {
      throw new RunError(
        `A worker thread could not start: ${reasonOf(error)}. Use fewer --workers to need less memory.`,
      );
    }
  }

  async #runOn(thread: Worker, order: TrialOrder): Promise<TrialAnswer> {
    const { checkpoint, trial } = order;
    try {
      const message = nextMessage(thread);
      thread.postMessage(order, checkpoint === null ? [] : [checkpoint.buffer]);
      const answer = (await message) as TrialAnswer;
      this.#idle.push(thread);
      return answer;
    } catch (error) {
      void thread.terminate();
      return { result: failedTrial(trial, error), trainedSteps: 0, checkpoint: null };
    }
  }

  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all([...this.#threads].map((thread) => thread.terminate()));
  }
}

/** Waits for a thread's next message. Rejects if the thread ends first. */
async function nextMessage(thread: Worker): Promise<unknown> {
  const answered = new AbortController();
  const { signal } = answered;
  const ended = once(thread, "exit", { signal }).then(([code]) => {
    throw new Error(`The worker thread ended with exit code ${code}.`);
  });
  try {
    const [message] = (await Promise.race([
      once(thread, "message", { signal }),
      ended,
    ])) as unknown[];
    return message;
  } finally {
    answered.abort();
  }
}

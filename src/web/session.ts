import type { Snapshot } from "../browserTrainer/snapshot.ts";
import { createTrainer, type Trainer, type TrainerOptions } from "../browserTrainer/trainer.ts";
import type { Config } from "../config/config.ts";
import { findRecipe } from "../config/recipes.ts";
import { RunError } from "../errors.ts";
import type { Choice } from "./address.ts";

export type Status = "loading" | "ready" | "running" | "finished" | "failed";

/** Callbacks about the run that the page trains. */
export interface SessionObserver {
  /** A new run has replaced the one before. */
  began(trainer: Trainer): void;
  snapshot(snapshot: Snapshot): void;
  status(status: Status, message: string): void;
}

/** Milliseconds between episodes if training is slowed down for viewing. */
const EPISODE_PAUSE = 120;

export function trainingWorker(): Worker {
  return new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
}

/** The page's run, in a worker. There is one at a time. */
export class Session {
  readonly #observer: SessionObserver;
  #trainer: Trainer | null = null;
  #status: Status = "loading";
  #pausing = false;
  #slow = false;
  /** Number of the current run. Late answers of earlier runs are ignored. */
  #run = 0;

  constructor(observer: SessionObserver) {
    this.#observer = observer;
  }

  get status(): Status {
    return this.#status;
  }

  get trainer(): Trainer | null {
    return this.#trainer;
  }

  #setStatus(status: Status, message = ""): void {
    this.#status = status;
    this.#observer.status(status, message);
  }

  /** Prepares a run of the choice, not yet training. Returns false if a later call has replaced it meanwhile. */
  reset({ changes, recipe }: Choice): Promise<boolean> {
    return this.#begin({ ...changes, recipe: findRecipe(recipe).name });
  }

  /** Like `reset`, with the run of a checkpoint file. @throws RunError if the file is invalid; the current run then stays */
  open(checkpoint: Uint8Array, changes: Partial<Config>): Promise<boolean> {
    return this.#begin({ ...changes, checkpoint });
  }

  async #begin(options: TrainerOptions): Promise<boolean> {
    const run = ++this.#run;
    const trainer = await createTrainer({ ...options, worker: trainingWorker() });
    if (run !== this.#run) {
      trainer.dispose();
      return false;
    }
    this.#trainer?.dispose();
    this.#trainer = trainer;
    trainer.on("snapshot", (snapshot) => this.#observer.snapshot(snapshot));
    this.#observer.began(trainer);
    this.#setStatus(trainer.snapshot.finished ? "finished" : "ready");
    return true;
  }

  /** Trains until the run ends, is paused, or `episodes` more episodes have ended. */
  async start(episodes = Infinity): Promise<void> {
    const trainer = this.#trainer;
    if (trainer === null || this.#status !== "ready") return;
    this.#pausing = false;
    this.#setStatus("running");
    try {
      const end = trainer.snapshot.episodes + episodes;
      while (!this.#pausing && !trainer.snapshot.finished && trainer.snapshot.episodes < end) {
        await trainer.run({ episodes: this.#slow ? 1 : end - trainer.snapshot.episodes });
        if (this.#slow) await new Promise((resume) => setTimeout(resume, EPISODE_PAUSE));
        if (trainer !== this.#trainer) return;
      }
      this.#setStatus(trainer.snapshot.finished ? "finished" : "ready");
    } catch (error) {
      if (trainer !== this.#trainer) return;
      this.#setStatus("failed", error instanceof RunError ? error.message : String(error));
    }
  }

  /** Whether to wait after each episode. Also changes the pace of a run that is training. */
  setSlow(slow: boolean): void {
    this.#slow = slow;
    this.#trainer?.pause().catch(() => {});
  }

  pause(): void {
    this.#pausing = true;
    this.#trainer?.pause().catch(() => {});
  }
}

import { signal } from "@preact/signals";
import type { Snapshot } from "../../browserTrainer/snapshot.ts";
import { createTrainer, type Trainer, type TrainerOptions } from "../../browserTrainer/trainer.ts";
import type { ConfigChanges } from "../../config/config.ts";
import { findRecipe } from "../../config/recipes.ts";
import { reasonOf } from "../../errors.ts";
import { type Tab, tabOf } from "../tabs.ts";
import { type Choice, environmentOf } from "./address.ts";
import { History } from "./history.ts";
import { spawnWorker } from "./spawnWorker.ts";

export type Status = "loading" | "paused" | "running" | "finished" | "failed";

/** A run of the page: its trainer and what the page has seen of it. */
export interface Run {
  readonly choice: Choice;
  readonly trainer: Trainer;
  readonly tab: Tab;
  readonly history: History;
}

/** Speed of the training relative to the tab's pace, at which it is called full speed. */
export const FULL_SPEED = 1000;

/** Trains the page's run in a worker. Keeps the run before it, so that a change can be undone. */
export class Session {
  /** The current run; null until the first is ready. */
  readonly run = signal<Run | null>(null);
  /** The run that `undo` restores. */
  readonly previous = signal<Run | null>(null);
  readonly status = signal<Status>("loading");
  /** Whether the user wants it to train. Holds for the next run too. */
  readonly wanted = signal(false);
  /** Training speed: multiples of the tab's pace. `FULL_SPEED` and above do not wait. */
  readonly speed = signal(1);
  /** Whether it trains at full speed until this run ends. */
  readonly skipping = signal(false);
  /** Message of the error that ended the run, or "". */
  readonly failure = signal("");
  /** Receives the snapshots of the current run. */
  onSnapshot: (run: Run, snapshot: Snapshot) => void = () => {};
  /** Number of the latest call that prepares a run. Earlier ones that end later are ignored. */
  #calls = 0;
  /** Number of the latest training loop. Earlier ones end. */
  #loops = 0;
  #wake: () => void = () => {};

  /** Prepares a run of the choice, and trains it if training is wanted. Returns false if a later call has replaced it meanwhile. */
  choose(choice: Choice): Promise<boolean> {
    const { changes, recipe } = choice;
    return this.#begin(choice, { ...changes, recipe: findRecipe(recipe).name });
  }

  /** Like `choose`, with the run of a checkpoint file. @throws RunError if the file is invalid; the current run then stays */
  open(choice: Choice, checkpoint: Uint8Array, changes: ConfigChanges): Promise<boolean> {
    return this.#begin(choice, { ...changes, checkpoint });
  }

  async #begin(choice: Choice, options: TrainerOptions): Promise<boolean> {
    const call = ++this.#calls;
    const env = environmentOf(choice);
    const trainer = await createTrainer({ ...options, worker: spawnWorker(env) });
    if (call !== this.#calls) {
      trainer.dispose();
      return false;
    }
    const run = { choice, trainer, tab: tabOf(env), history: new History() };
    run.history.take(trainer.snapshot);
    trainer.on("snapshot", (snapshot) => {
      run.history.take(snapshot);
      if (run === this.run.value) this.onSnapshot(run, snapshot);
    });
    this.#replace(run);
    return true;
  }

  /** Makes `run` the current one. Keeps the one before it if it has trained. */
  #replace(run: Run): void {
    const before = this.run.value;
    before?.trainer.pause();
    const kept = this.previous.value;
    if (before !== null && before.trainer.snapshot.steps > 0) {
      if (kept !== run) kept?.trainer.dispose();
      this.previous.value = before;
    } else {
      before?.trainer.dispose();
      if (kept === run) this.previous.value = null;
    }
    this.run.value = run;
    this.failure.value = "";
    this.skipping.value = false;
    this.#wake();
    this.#settle(run);
    if (this.wanted.value) this.#train(run);
  }

  #settle(run: Run): void {
    this.status.value = run.trainer.snapshot.finished ? "finished" : "paused";
  }

  /** Restores the run before the current one, which can then be restored in turn. */
  undo(): void {
    const { value } = this.previous;
    this.#calls++;
    if (value !== null) this.#replace(value);
  }

  start(): void {
    this.wanted.value = true;
    const run = this.run.value;
    if (run !== null && this.status.value === "paused") this.#train(run);
  }

  pause(): void {
    this.wanted.value = false;
    this.skipping.value = false;
    this.#interrupt();
  }

  /** Trains this run to its end at full speed. */
  skip(): void {
    this.skipping.value = true;
    this.#interrupt();
    this.start();
  }

  /** Changes the training speed, also while it trains. */
  setSpeed(speed: number): void {
    this.skipping.value = false;
    this.speed.value = speed;
    this.#interrupt();
  }

  #interrupt(): void {
    this.run.value?.trainer.pause();
    this.#wake();
  }

  async #train(run: Run): Promise<void> {
    const { trainer } = run;
    const loop = ++this.#loops;
    const isCurrent = () => run === this.run.value && loop === this.#loops;
    this.status.value = "running";
    try {
      while (isCurrent() && this.wanted.value && !trainer.snapshot.finished) {
        const paced = this.speed.value < FULL_SPEED && !this.skipping.value;
        const { steps } = trainer.snapshot;
        const begun = performance.now();
        await trainer.run(paced ? { episodes: 1 } : {});
        if (!paced) continue;
        const due = (1000 * (trainer.snapshot.steps - steps)) / (run.tab.pace * this.speed.value);
        await this.#rest(due - (performance.now() - begun));
      }
      if (isCurrent()) this.#settle(run);
    } catch (error) {
      if (!isCurrent()) return;
      this.failure.value = reasonOf(error);
      this.status.value = "failed";
    }
  }

  /** Waits, until the speed changes or the training is paused. */
  async #rest(milliseconds: number): Promise<void> {
    if (milliseconds <= 0 || !this.wanted.value) return;
    await new Promise<void>((resume) => {
      const timer = setTimeout(resume, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resume();
      };
    });
  }
}

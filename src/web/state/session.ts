import { type Signal, signal } from "@preact/signals";
import type { Snapshot } from "../../browserTrainer/snapshot.ts";
import { createTrainer, type Trainer, type TrainerOptions } from "../../browserTrainer/trainer.ts";
import type { Config, ConfigChanges } from "../../config/config.ts";
import type { LiveChanges } from "../../config/liveChanges.ts";
import { findRecipe } from "../../config/recipes.ts";
import { reasonOf } from "../../errors.ts";
import { viewOf } from "../../scenes/views.ts";
import { type Tab, tabOf } from "../tabs.ts";
import { type Choice, environmentOf } from "./address.ts";
import { History } from "./history.ts";
import { loadCode } from "./loadedCode.ts";
import { spawnWorker } from "./spawnWorker.ts";

export type Status = "loading" | "paused" | "running" | "finished" | "failed";

/** A run of the page: its trainer and what the page has seen of it. */
export interface Run {
  /** How it began. */
  readonly choice: Choice;
  readonly trainer: Trainer;
  readonly tab: Tab;
  readonly history: History;
  /** The configuration, with the changes since it began. */
  readonly config: Signal<Config>;
  /** The changes since it began. */
  readonly changed: Signal<LiveChanges>;
}

/** The choice of a run that begins with the changes that were made while `run` trained. */
export function currentChoice({ changed, choice }: Run): Choice {
  return { recipe: choice.recipe, changes: { ...choice.changes, ...changed.value } };
}

/** Training speed, as a multiple of the tab's pace, from which the training does not wait. */
export const FULL_SPEED = 1000;

/** Milliseconds between two snapshots. Pictures of training episodes need twice as many: short episodes have ten steps. */
const FRAME = 16;

/** Steps between two moments of the timeline at the start of a run. */
const TIMELINE_INTERVAL = 100;

/** Trains the page's run in a worker. Keeps the run before it, so that a change can be undone. */
export class Session {
  /** The current run; null until the first is ready. */
  readonly run = signal<Run | null>(null);
  /** The run that `undo` restores. */
  readonly previous = signal<Run | null>(null);
  readonly status = signal<Status>("loading");
  /** Whether the user wants it to train. Holds for the next run too. */
  readonly wanted = signal(false);
  /** Training speed as a multiple of the tab's pace. */
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
    const worker = spawnWorker(env, choice.changes.backend);
    const intervals = {
      timelineInterval: TIMELINE_INTERVAL,
      snapshotInterval: viewOf(env) === null ? FRAME : FRAME / 2,
    };
    const [trainer] = await Promise.all([
      createTrainer({ ...options, ...intervals, worker }),
      loadCode(env),
    ]);
    if (call !== this.#calls) {
      trainer.dispose();
      return false;
    }
    const run: Run = {
      choice,
      trainer,
      tab: tabOf(env),
      history: new History(),
      config: signal(trainer.config),
      changed: signal({}),
    };
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
    this.#setPace();
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
    this.#setPace();
    this.run.value?.trainer.pause();
  }

  /** Trains this run to its end at full speed. */
  skip(): void {
    this.skipping.value = true;
    this.#setPace();
    this.start();
  }

  /** Changes the training speed, also while it trains. */
  setSpeed(speed: number): void {
    this.skipping.value = false;
    this.speed.value = speed;
    this.#setPace();
  }

  #setPace(): void {
    this.run.value?.trainer.setSpeed(this.stepsPerSecond).catch(() => {});
  }

  /** Upper bound of the training speed; Infinity for full speed. */
  get stepsPerSecond(): number {
    const full = this.skipping.value || this.speed.value >= FULL_SPEED;
    return full ? Infinity : (this.run.value?.tab.pace ?? 1) * this.speed.value;
  }

  /** Changes hyperparameters of the current run without a restart. @throws UsageError for a value out of range */
  async change(changes: LiveChanges): Promise<void> {
    const run = this.run.value;
    if (run === null) return;
    run.config.value = await run.trainer.change(changes);
    run.changed.value = { ...run.changed.value, ...changes };
  }

  async #train(run: Run): Promise<void> {
    const { trainer } = run;
    const loop = ++this.#loops;
    const isCurrent = () => run === this.run.value && loop === this.#loops;
    this.status.value = "running";
    try {
      while (isCurrent() && this.wanted.value && !trainer.snapshot.finished) await trainer.run();
      if (isCurrent()) this.#settle(run);
    } catch (error) {
      if (!isCurrent()) return;
      this.failure.value = reasonOf(error);
      this.status.value = "failed";
    }
  }
}

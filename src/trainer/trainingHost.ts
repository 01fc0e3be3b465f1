import type { EnvironmentSpec } from "../environments/registry.ts";
import { RunError } from "../errors.ts";
import { type CoreSource, loadCore } from "../kernels/core.ts";
import { encodePolicy, weightsSha256 } from "../policy/policy.ts";
import { encodeCheckpoint, readCheckpoint, resumeTraining } from "../training/checkpoint.ts";
import type { Config } from "../training/config.ts";
import { refuseDivergence } from "../training/divergence.ts";
import { summarize } from "../training/evaluation.ts";
import type { EpisodeRecord, TrainingObserver } from "../training/observer.ts";
import { runSlices } from "../training/runSlices.ts";
import { chosenConfig } from "../training/train.ts";
import { Training } from "../training/training.ts";
import { type Snapshot, takeSnapshot } from "./snapshot.ts";

/** What a host is told to train, in values that can be posted to a worker. */
export interface HostOptions {
  readonly recipe: string | undefined;
  readonly changes: object;
  readonly checkpoint: Uint8Array | undefined;
  readonly wasm: Exclude<CoreSource, URL> | undefined;
}

/** What a run is, as its host tells it when it begins. */
export interface HostedRun {
  readonly recipe: string;
  readonly config: Config;
  readonly snapshot: Snapshot;
}

/** Holds the training where it is done, in a worker or not, and does it in short slices, so that it hears when it is called. */
export class TrainingHost {
  readonly #show: (snapshot: Snapshot) => void;
  readonly #environment: EnvironmentSpec | undefined;
  #recipe = "";
  #training: Training | undefined;
  #milliseconds = 0;
  #paused = true;
  /** Whether the last snapshot has been dealt with. */
  #shown = true;
  #ended: EpisodeRecord[] = [];
  #evaluations: { steps: number; mean: number }[] = [];

  constructor(show: (snapshot: Snapshot) => void, environment?: EnvironmentSpec) {
    this.#show = show;
    this.#environment = environment;
  }

  /** @throws UsageError as `train`, RunError for a checkpoint that cannot be gone on with */
  async begin({ changes, checkpoint, recipe, wasm }: HostOptions): Promise<HostedRun> {
    if (wasm !== undefined) await loadCore(wasm);
    const observer: TrainingObserver = {
      episode: (record) => this.#ended.push(record),
      evaluation: ({ returns }, steps) =>
        this.#evaluations.push({ steps, mean: summarize(returns).mean }),
    };
    if (checkpoint === undefined) {
      this.#recipe = recipe ?? "solve";
      this.#training = new Training(chosenConfig(recipe, changes), observer, this.#environment);
    } else {
      const opened = readCheckpoint(checkpoint, "checkpoint");
      this.#recipe = opened.recipe;
      this.#milliseconds = 1000 * opened.seconds;
      this.#training = resumeTraining(opened, changes, observer, this.#environment);
    }
    return { recipe: this.#recipe, config: this.#training.config, snapshot: this.#snapshot() };
  }

  #running(): Training {
    if (this.#training === undefined) throw new RunError("The trainer has not begun.");
    return this.#training;
  }

  #snapshot(): Snapshot {
    const snapshot = takeSnapshot(
      this.#running(),
      this.#milliseconds,
      this.#ended,
      this.#evaluations,
    );
    this.#ended = [];
    this.#evaluations = [];
    return snapshot;
  }

  /**
   * Trains until the run is finished, paused, or so many episodes further, and returns the snapshot of the end. On the way one
   * is shown at most every `interval` milliseconds, the next only after `shown` was called for the last.
   * @throws RunError if the training diverges, or is running already
   */
  async run(episodes: number, interval: number): Promise<Snapshot> {
    const training = this.#running();
    if (!this.#paused) throw new RunError("The trainer is running already.");
    const end = training.episodes + episodes;
    let last = performance.now();
    this.#paused = false;
    this.#shown = true;
    try {
      await runSlices(training, {
        stop: () => this.#paused || (training.episodes >= end && !training.state.midStep),
        onSlice: (milliseconds) => {
          const now = performance.now();
          this.#milliseconds += milliseconds;
          if (!this.#shown || now - last < interval) return;
          last = now;
          this.#shown = false;
          this.#show(this.#checked());
        },
      });
      return this.#checked();
    } finally {
      this.#paused = true;
    }
  }

  #checked(): Snapshot {
    refuseDivergence(this.#running());
    return this.#snapshot();
  }

  /** The snapshot has been dealt with: there may be another. */
  shown(): void {
    this.#shown = true;
  }

  /** Lets `run` end after the slice it is in. */
  pause(): void {
    this.#paused = true;
  }

  /** The policy as it is now, as the bytes of a policy file. */
  policy(): Uint8Array<ArrayBuffer> {
    const training = this.#running();
    return encodePolicy(training.describe(), training.weights());
  }

  /** All of the run as it is now, as the bytes of a checkpoint file. */
  checkpoint(): Uint8Array<ArrayBuffer> {
    return encodeCheckpoint(this.#running(), this.#recipe, this.#milliseconds / 1000);
  }

  weightsSha256(): Promise<string> {
    return weightsSha256(this.#running().weights());
  }

  /** Returns of greedy episodes on a stream that no check during training has seen. */
  evaluate(episodes: number): readonly number[] {
    return this.#running().finalEvaluation(episodes).returns;
  }
}

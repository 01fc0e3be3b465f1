import type { Config } from "../config/config.ts";
import { refuseFixed } from "../config/resumeChanges.ts";
import { refuseDivergence } from "../dqn/divergence.ts";
import { summarize } from "../dqn/evaluation.ts";
import type { EpisodeRecord, TrainingObserver } from "../dqn/observer.ts";
import { runSlices } from "../dqn/runSlices.ts";
import { chosenConfig } from "../dqn/train.ts";
import { Training } from "../dqn/training.ts";
import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { RunError } from "../errors.ts";
import { encodeCheckpoint, readCheckpoint, resumeTraining } from "../formats/checkpoint.ts";
import { encodePolicy, weightsSha256 } from "../formats/policy.ts";
import { type CoreSource, loadCore } from "../kernels/core.ts";
import type { Bytes } from "../typedArrays.ts";
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

/** A call of `run` that has not returned yet. */
interface Loop {
  readonly number: number;
  paused: boolean;
  /** Settles when it has stopped. */
  ended: Promise<Snapshot>;
}

/** Holds the training where it is done, in a worker or not, and does it in short slices, so that it hears when it is called. */
export class TrainingHost {
  readonly #show: (snapshot: Snapshot) => void;
  readonly #environment: EnvironmentSpec | undefined;
  #recipe = "";
  #training: Training | undefined;
  /** The agent's loss sums at the last snapshot. */
  #lossSum = 0;
  #lossCount = 0;
  #milliseconds = 0;
  /** The latest call of `run` if it has not returned; the calls before it are paused, and have returned when it begins. */
  #loop: Loop | null = null;
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
      if (recipe !== undefined) refuseFixed(["recipe"]);
      this.#training = resumeTraining(opened, changes, observer, this.#environment);
    }
    return { recipe: this.#recipe, config: this.#training.config, snapshot: this.#snapshot() };
  }

  #running(): Training {
    if (this.#training === undefined) throw new RunError("The trainer has not begun.");
    return this.#training;
  }

  #snapshot(): Snapshot {
    const training = this.#running();
    const { lossCount, lossSum } = training.agent;
    // Differences: the sums themselves are part of the checkpoint, and must not depend on the times of snapshots.
    const loss = (lossSum - this.#lossSum) / (lossCount - this.#lossCount);
    this.#lossSum = lossSum;
    this.#lossCount = lossCount;
    const snapshot = takeSnapshot(
      training,
      this.#milliseconds,
      loss,
      this.#ended,
      this.#evaluations,
    );
    this.#ended = [];
    this.#evaluations = [];
    return snapshot;
  }

  /**
   * Trains until the run is finished, paused, or so many episodes further, and returns the snapshot of the end. On the way one
   * is shown at most every `interval` milliseconds, the next only after `shown` was called for the last. After a call that was
   * paused it begins when that one has stopped.
   * @param number what `pause` calls it
   * @throws RunError if the training diverges, or is running already
   */
  run(episodes: number, interval: number, number: number): Promise<Snapshot> {
    const before = this.#loop;
    if (before?.paused === false) throw new RunError("The trainer is running already.");
    const loop = { number, paused: false } as Loop;
    this.#loop = loop;
    loop.ended = this.#train(loop, episodes, interval, before?.ended);
    return loop.ended;
  }

  async #train(
    loop: Loop,
    episodes: number,
    interval: number,
    before: Promise<unknown> | undefined,
  ): Promise<Snapshot> {
    const training = this.#running();
    try {
      await before?.catch(() => {});
      const end = training.episodes + episodes;
      let last = performance.now();
      this.#shown = true;
      await runSlices(training, {
        stop: () => loop.paused || (training.episodes >= end && !training.state.midStep),
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
      if (this.#loop === loop) this.#loop = null;
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

  /** Lets the latest call of `run` end after the slice it is in, if it has this number or none is given, and waits until it has. */
  async pause(number = this.#loop?.number): Promise<void> {
    const loop = this.#loop;
    if (loop?.number !== number) return;
    if (loop !== null) loop.paused = true;
    await loop?.ended.catch(() => {});
  }

  /** The policy as it is now, as the bytes of a policy file. */
  policy(): Bytes {
    const training = this.#running();
    return encodePolicy(training);
  }

  /** All of the run as it is now, as the bytes of a checkpoint file. */
  checkpoint(): Bytes {
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

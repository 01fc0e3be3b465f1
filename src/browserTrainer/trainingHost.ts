import { chosenConfig } from "../config/chosenConfig.ts";
import type { Config } from "../config/config.ts";
import type { LiveChanges } from "../config/liveChanges.ts";
import { refuseFixed } from "../config/resumeChanges.ts";
import { refuseDivergence } from "../dqn/divergence.ts";
import { summarize } from "../dqn/evaluation.ts";
import type { EpisodeRecord, TrainingObserver } from "../dqn/observer.ts";
import { runSlices } from "../dqn/runSlices.ts";
import { describeEnvironment, type EnvironmentFactory } from "../environments/customEnvironment.ts";
import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { RunError } from "../errors.ts";
import { encodeCheckpoint, readCheckpoint, resumeRun } from "../formats/checkpoint.ts";
import { encodePolicy, weightsSha256 } from "../formats/policy.ts";
import { type CoreSource, loadCore } from "../kernels/core.ts";
import type { NamedTensor } from "../network/namedTensor.ts";
import type { Bytes, Floats } from "../typedArrays.ts";
import { type HiddenUnit, NetworkCopy } from "./networkCopy.ts";
import { Pace, TURN_MILLISECONDS } from "./pace.ts";
import { RecordedTraining, type RecordingIntervals } from "./recordedTraining.ts";
import { type Snapshot, takeSnapshot } from "./snapshot.ts";
import type { Moment } from "./timeline.ts";

/** Options of `TrainingHost.begin`, in values that can be posted to a worker. */
export interface HostOptions {
  readonly recipe: string | undefined;
  readonly changes: object;
  readonly checkpoint: Uint8Array | undefined;
  readonly wasm: Exclude<CoreSource, URL> | undefined;
  readonly intervals: RecordingIntervals;
}

/** Result of `TrainingHost.begin`. */
export interface HostedRun {
  readonly recipe: string;
  readonly config: Config;
  readonly snapshot: Snapshot;
}

/** A call of `run` that has not settled. */
interface Loop {
  readonly number: number;
  paused: boolean;
  /** Ends the wait of a slowed training. */
  wake: () => void;
  ended: Promise<Snapshot>;
}

/** Owns a training, in a worker or in the trainer's thread. It trains in short slices, so that other calls are answered between them. */
export class TrainingHost {
  readonly #show: (snapshot: Snapshot) => void;
  readonly #environment: EnvironmentFactory | EnvironmentSpec | undefined;
  #recipe = "";
  /** Set by `begin`, which is always the first call. */
  #training!: RecordedTraining;
  /** Made by the first call that needs it. */
  #copy: NetworkCopy | null = null;
  readonly #pace = new Pace();
  #milliseconds = 0;
  /** The latest call of `run`; null once it has settled. It starts once the earlier calls, which are paused, have settled. */
  #loop: Loop | null = null;
  /** Whether the trainer has processed the last snapshot. */
  #shown = true;
  #ended: EpisodeRecord[] = [];
  #lastObservation: Floats | null = null;
  #evaluations: { steps: number; mean: number }[] = [];

  constructor(
    show: (snapshot: Snapshot) => void,
    environment?: EnvironmentFactory | EnvironmentSpec,
  ) {
    this.#show = show;
    this.#environment = environment;
  }

  /** Creates or resumes the training. @throws UsageError as `train` does, RunError for a damaged checkpoint */
  async begin({ changes, checkpoint, intervals, recipe, wasm }: HostOptions): Promise<HostedRun> {
    if (wasm !== undefined) await loadCore(wasm);
    const environment = this.#environment && describeEnvironment(this.#environment);
    const observer: TrainingObserver = {
      episode: (record) => {
        this.#ended.push(record);
        this.#lastObservation = this.#training.actor.observation.slice();
      },
      evaluation: ({ returns }, steps) =>
        this.#evaluations.push({ steps, mean: summarize(returns).mean }),
    };
    const make = (config: Config) => new RecordedTraining(config, observer, environment, intervals);
    if (checkpoint === undefined) {
      this.#recipe = recipe ?? "solve";
      this.#training = make(chosenConfig(recipe, changes, environment));
    } else {
      const opened = readCheckpoint(checkpoint, "checkpoint");
      this.#recipe = opened.recipe;
      this.#milliseconds = 1000 * opened.seconds;
      if (recipe !== undefined) refuseFixed(["recipe"]);
      this.#training = resumeRun(opened, changes, environment, make);
    }
    this.#training.begin();
    return { recipe: this.#recipe, config: this.#training.config, snapshot: this.#snapshot() };
  }

  #snapshot(): Snapshot {
    const snapshot = takeSnapshot(
      this.#training,
      this.#milliseconds,
      this.#lastObservation,
      this.#ended,
      this.#evaluations,
    );
    this.#ended = [];
    this.#evaluations = [];
    return snapshot;
  }

  /**
   * Trains until the run is finished, the call is paused, or `episodes` more episodes have ended, and returns the last snapshot.
   * Shows a snapshot at most every `interval` milliseconds, and only after `shown` was called for the previous one. If the
   * previous call is paused but has not settled, this call waits for it.
   * @param number identifies the call for `pause`
   * @throws RunError if the training diverges or another call is training
   */
  run(episodes: number, interval: number, number: number): Promise<Snapshot> {
    const before = this.#loop;
    if (before?.paused === false) throw new RunError("The trainer is running already.");
    const loop = { number, paused: false, wake() {} } as Loop;
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
    const training = this.#training;
    const pace = this.#pace;
    try {
      await before?.catch(() => {});
      const end = training.episodes + episodes;
      let last = performance.now();
      this.#shown = true;
      const stop = () => loop.paused || (training.episodes >= end && !training.state.midStep);
      const onSlice = (milliseconds: number) => {
        const now = performance.now();
        this.#milliseconds += milliseconds;
        if (!this.#shown || now - last < interval) return;
        last = now;
        this.#shown = false;
        this.#show(this.#checked());
      };
      while (!training.finished && !stop()) {
        const speed = pace.stepsPerSecond;
        const limit = training.steps + pace.take(performance.now());
        const stopTurn = () =>
          stop() ||
          (!training.state.midStep && training.steps >= limit) ||
          pace.stepsPerSecond !== speed;
        // Snapshots check for divergence: a turn is much shorter than 100 slices.
        await runSlices(training, { stop: stopTurn, onSlice, mayDiverge: speed < Infinity });
        if (speed < Infinity) await this.#nextTurn(loop);
      }
      return this.#checked();
    } finally {
      if (this.#loop === loop) this.#loop = null;
    }
  }

  /** Waits until the next turn of a slowed training, or until the call is paused. */
  #nextTurn(loop: Loop): Promise<void> {
    return new Promise((turn) => {
      loop.wake = turn;
      if (loop.paused) turn();
      else setTimeout(turn, TURN_MILLISECONDS);
    });
  }

  #checked(): Snapshot {
    refuseDivergence(this.#training);
    return this.#snapshot();
  }

  /** Allows the next snapshot. */
  shown(): void {
    this.#shown = true;
  }

  /** Pauses the latest call of `run` and returns once it has settled. Does nothing if that call has another `number`. */
  async pause(number = this.#loop?.number): Promise<void> {
    const loop = this.#loop;
    if (loop?.number !== number) return;
    if (loop !== null) loop.paused = true;
    loop?.wake();
    await loop?.ended.catch(() => {});
  }

  /** Changes hyperparameters and returns the new configuration. */
  change(changes: LiveChanges): Config {
    this.#training.change(changes);
    return this.#training.config;
  }

  setSpeed(stepsPerSecond: number): void {
    this.#pace.stepsPerSecond = stepsPerSecond;
  }

  timeline(): readonly Moment[] {
    return this.#training.timeline.moments();
  }

  policyAt(steps: number): Bytes {
    return this.#training.timeline.policyAt(steps);
  }

  #network(): NetworkCopy {
    this.#copy ??= new NetworkCopy(this.#training);
    return this.#copy;
  }

  activations(observation: Floats): readonly Floats[] {
    return this.#network().activations(observation);
  }

  qValues(observations: Floats, unit?: HiddenUnit): Promise<Floats> {
    return this.#network().qValues(observations, unit);
  }

  weights(): NamedTensor[] {
    return this.#training.weights().map((tensor) => ({ ...tensor, values: tensor.values.slice() }));
  }

  policy(): Bytes {
    return encodePolicy(this.#training);
  }

  checkpoint(): Bytes {
    return encodeCheckpoint(this.#training, this.#recipe, this.#milliseconds / 1000);
  }

  weightsSha256(): Promise<string> {
    return weightsSha256(this.#training.weights());
  }

  evaluate(episodes: number): readonly number[] {
    return this.#training.finalEvaluation(episodes).returns;
  }
}

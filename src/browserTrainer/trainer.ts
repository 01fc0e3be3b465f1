import { type Config, type ConfigChanges, frozen, parsePartial } from "../config/config.ts";
import type { LiveChanges } from "../config/liveChanges.ts";
import type { RecipeName } from "../config/recipes.ts";
import type { EnvironmentFactory } from "../environments/customEnvironment.ts";
import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import {
  RunError,
  refuseUnless,
  refuseUnlessNotNegative,
  refuseUnlessObject,
  refuseUnlessSignal,
} from "../errors.ts";
import { type CoreSource, loadedFma } from "../kernels/core.ts";
import type { NamedTensor } from "../network/namedTensor.ts";
import type { Bytes, Floats } from "../typedArrays.ts";
import { hasInlineWorker, inlineWorker } from "./inlineWorker.ts";
import { type Link, localLink, workerLink } from "./link.ts";
import type { HiddenUnit } from "./networkCopy.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Moment } from "./timeline.ts";
import type { HostedRun } from "./trainingHost.ts";

/** Options of `createTrainer`: the configuration values to change, and these. */
export interface TrainerOptions extends ConfigChanges {
  /** Recipe that sets the other values; `solve` by default. */
  readonly recipe?: RecipeName;
  /** Bytes of a checkpoint file to resume. Only `totalSteps`, `totalEpisodes` and `backend` can then be changed. */
  readonly checkpoint?: Uint8Array;
  /**
   * Worker to train in: a new one whose file imports `wasm-dqn/worker`. `dispose` terminates it. By default, the browser build
   * creates a worker. With `false`, and in Node, the training shares the calling thread.
   */
  readonly worker?: Worker | false;
  /**
   * URL, bytes or module of `wasm-dqn/core.wasm`, or of `wasm-dqn/core-fma.wasm` for the backend `wasm-fma`; by default, the kernels
   * inside the library, and those of `wasm-fma` if `loadCore` has loaded them.
   */
  readonly wasm?: CoreSource;
  /** Class or function that makes your own environment. The training then shares the calling thread. For a worker, pass it to `serveTrainer` instead. */
  readonly environment?: EnvironmentFactory | EnvironmentSpec;
  /** Minimum milliseconds between two snapshots; 16 by default. */
  readonly snapshotInterval?: number;
  /** Updates between two points of the learning curves (`Snapshot.points`); 20 by default. */
  readonly pointInterval?: number;
  /** Environment steps between two moments of the timeline; no timeline by default. It doubles when 200 moments or 64 MiB are stored. */
  readonly timelineInterval?: number;
}

export interface RunOptions {
  /** Pauses this call of `run`, which then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Number of episodes to train for, greater than 0; by default, until the run is finished. */
  readonly episodes?: number;
}

type Listener = (snapshot: Snapshot) => void;

/**
 * Creates a trainer, in a worker if possible. It does not train until `run` is called.
 * @throws UsageError for a value out of range or an unknown recipe, RunError for a damaged checkpoint or a worker that fails to start
 */
export async function createTrainer(options: TrainerOptions = {}): Promise<Trainer> {
  refuseUnlessObject(options, "options");
  const {
    checkpoint,
    environment,
    pointInterval = 20,
    recipe,
    snapshotInterval = 16,
    timelineInterval = Infinity,
    wasm,
    worker,
    ...changes
  } = options;
  parsePartial(changes, "");
  refuseUnlessNotNegative(snapshotInterval, "snapshotInterval");
  const intervals = { pointInterval, timelineInterval };
  for (const [key, value] of Object.entries(intervals)) {
    const fits = value === Infinity || (Number.isInteger(value) && value > 0);
    refuseUnless(fits, key, "a whole number of at least 1, or Infinity", value);
  }
  if (worker) {
    const fits = typeof worker.addEventListener === "function" && !usedWorkers.has(worker);
    refuseUnless(fits, "worker", "a Worker without an earlier trainer", worker);
    refuseUnless(environment === undefined, "environment", "given to serveTrainer", environment);
    usedWorkers.add(worker);
  }
  const own = worker ?? (environment === undefined && hasInlineWorker() && inlineWorker());
  const link = own ? workerLink(own) : localLink(environment);
  try {
    const loaded = postable(wasm ?? loadedFma());
    const run = await link.call("begin", { recipe, changes, checkpoint, intervals, wasm: loaded });
    return new Trainer(link, run, snapshotInterval);
  } catch (error) {
    link.close(error);
    throw error;
  }
}

/** Makes a URL absolute and a string: a URL object cannot be posted, and an inline worker has another base URL than the page. */
function postable(wasm: CoreSource | undefined): Exclude<CoreSource, URL> | undefined {
  if (typeof wasm !== "string" && !(wasm instanceof URL)) return wasm;
  const base = globalThis.document?.baseURI ?? globalThis.location?.href;
  return URL.canParse(wasm, base) ? new URL(wasm, base).href : String(wasm);
}

/** Copies observations. @throws UsageError unless they are a list of numbers */
function floatsOf(values: ArrayLike<number>, name: string): Floats {
  const fits = Array.isArray(values) || ArrayBuffer.isView(values);
  refuseUnless(fits, name, "a list of numbers", values);
  return Float32Array.from(values);
}

/** Workers of all trainers, disposed of or not. */
const usedWorkers = new WeakSet<Worker>();

/**
 * A training run, usually in a worker. Created by `createTrainer`.
 *
 * Methods can be called in any order and need not be awaited. `policy`, `checkpoint`, `weightsSha256` and `evaluate` also work
 * while the run trains: they are answered between two slices of about 8 ms.
 */
export class Trainer {
  readonly recipe: string;
  readonly #link: Link;
  readonly #interval: number;
  readonly #listeners = new Set<Listener>();
  /** Number of calls of `run`, which identifies the latest. */
  #runs = 0;
  #snapshot: Snapshot;
  #config: Config;

  constructor(link: Link, { config, recipe, snapshot }: HostedRun, interval: number) {
    this.recipe = recipe;
    // A posted copy is not frozen.
    this.#config = frozen(config);
    this.#link = link;
    this.#interval = interval;
    this.#snapshot = snapshot;
    link.onSnapshot = (next) => {
      this.#show(next);
      link.call("shown").catch(() => {});
    };
  }

  #show(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
    for (const listener of this.#listeners) {
      try {
        listener(snapshot);
      } catch (error) {
        // Reported as an uncaught error of the page; the run continues.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  /** The complete configuration, frozen. `change` replaces it. */
  get config(): Config {
    return this.#config;
  }

  /** The latest snapshot. */
  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  /**
   * Calls `listener` with every snapshot, including the last one of each `run`, before `run` returns it. Snapshots are skipped
   * while the page is busy; their episodes and evaluations are in the next one. Returns a function that removes the listener.
   */
  on(event: "snapshot", listener: Listener): () => void {
    refuseUnless(event === "snapshot", "event", '"snapshot"', event);
    refuseUnless(typeof listener === "function", "listener", "a function", listener);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Trains until the run is finished, `episodes` more episodes have ended, or the call is paused. Returns the snapshot of that
   * moment. Returns at once if the run is finished. The next call continues where this one stopped.
   *
   * Only one call trains at a time. A call throws while another one trains. A call after `pause` or an aborted `signal` waits
   * until the paused call has stopped, and counts its `episodes` from there.
   * @throws RunError if the training diverges, another call is training, the worker fails or the trainer is disposed of;
   *   the reason of `signal` if it is aborted before this call returns
   */
  async run(options: RunOptions = {}): Promise<Snapshot> {
    refuseUnlessObject(options, "options");
    const { episodes = Infinity, signal } = options;
    const some = typeof episodes === "number" && episodes > 0;
    refuseUnless(some, "episodes", "a number greater than 0", episodes);
    refuseUnlessSignal(signal);
    signal?.throwIfAborted();
    const number = ++this.#runs;
    const pause = () => void this.#pause(number);
    signal?.addEventListener("abort", pause);
    try {
      this.#show(await this.#link.call("run", episodes, this.#interval, number));
    } finally {
      signal?.removeEventListener("abort", pause);
    }
    signal?.throwIfAborted();
    return this.#snapshot;
  }

  /**
   * Pauses the latest call of `run`, even if it has not started to train. That call then returns its snapshot. Returns once it has
   * stopped, after the current update or piece of an evaluation: usually within milliseconds. Does nothing if no call is pending or
   * after `dispose`.
   */
  pause(): Promise<void> {
    return this.#pause();
  }

  async #pause(number?: number): Promise<void> {
    await this.#link.call("pause", number).catch(() => {});
  }

  /**
   * Changes hyperparameters of the run without a restart, also while it trains: `learningRate`, `learningRateFinal`, `gamma`,
   * `explorationInitialEps`, `explorationFinalEps` and `targetUpdateInterval`. Returns the new configuration.
   * @throws UsageError if another hyperparameter or a value out of range is given
   */
  async change(changes: LiveChanges): Promise<Config> {
    this.#config = frozen(await this.#link.call("change", changes));
    return this.#config;
  }

  /**
   * Limits the training to `stepsPerSecond`, also while it trains; Infinity, the initial value, for full speed. The weights do not
   * depend on it. Evaluations are played at full speed.
   */
  async setSpeed(stepsPerSecond: number): Promise<void> {
    const fits = typeof stepsPerSecond === "number" && stepsPerSecond > 0;
    refuseUnless(fits, "stepsPerSecond", "a number greater than 0", stepsPerSecond);
    await this.#link.call("setSpeed", stepsPerSecond);
  }

  /** Returns the moments whose weights are stored, oldest first. `timelineInterval` sets their distance. */
  timeline(): Promise<readonly Moment[]> {
    return this.#link.call("timeline");
  }

  /** Returns the policy file of the moment at `steps`. @throws UsageError for a moment that the timeline lacks */
  async policyAt(steps: number): Promise<Bytes> {
    return this.#link.call("policyAt", steps);
  }

  /**
   * Returns the outputs of each hidden layer and, last, the Q-values for one observation.
   * @throws UsageError if the observation has another length
   */
  async activations(observation: ArrayLike<number>): Promise<readonly Floats[]> {
    return this.#link.call("activations", floatsOf(observation, "observation"));
  }

  /**
   * Returns the Q-values (count, actions) of observations (count, observationSize), for example of a grid, or with `unit` the outputs
   * (count) of a hidden unit. They are computed in batches of a few milliseconds, between which a run trains.
   * @throws UsageError if the observations have another length, or the unit does not exist
   */
  async qValues(observations: ArrayLike<number>, unit?: HiddenUnit): Promise<Floats> {
    return this.#link.call("qValues", floatsOf(observations, "observations"), unit);
  }

  /** Returns copies of the Q-network's current weights, in the order of the policy file. */
  weights(): Promise<readonly NamedTensor[]> {
    return this.#link.call("weights");
  }

  /** Returns the current policy as a policy file. */
  policy(): Promise<Bytes> {
    return this.#link.call("policy");
  }

  /** Returns the whole run as a checkpoint file. */
  checkpoint(): Promise<Bytes> {
    return this.#link.call("checkpoint");
  }

  /** Returns the SHA-256 of the Q-network's current weights, in hexadecimal. */
  weightsSha256(): Promise<string> {
    return this.#link.call("weightsSha256");
  }

  /** Plays greedy episodes with a random stream that training does not use, and returns the return of each. */
  async evaluate(episodes = 100): Promise<readonly number[]> {
    return this.#link.call("evaluate", episodes);
  }

  /**
   * Stops the training, terminates the worker and releases the memory. Pending and later calls throw RunError, except `pause`,
   * which returns. `snapshot`, `config` and `recipe` stay readable.
   */
  dispose(): void {
    this.#listeners.clear();
    this.#link.close(new RunError("The trainer was disposed of."));
  }
}

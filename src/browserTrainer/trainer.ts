import { type Config, type ConfigChanges, parseConfig, parsePartial } from "../config/config.ts";
import type { RecipeName } from "../config/recipes.ts";
import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { RunError, refuseUnless, refuseUnlessObject, refuseUnlessSignal } from "../errors.ts";
import type { CoreSource } from "../kernels/core.ts";
import type { Bytes } from "../typedArrays.ts";
import { hasInlineWorker, inlineWorker } from "./inlineWorker.ts";
import { hostHere, hostIn, type Link } from "./link.ts";
import type { Snapshot } from "./snapshot.ts";
import type { HostedRun } from "./trainingHost.ts";

/** What to train, and where. */
export interface TrainerOptions extends ConfigChanges {
  /** Default: `solve`. */
  readonly recipe?: RecipeName;
  /** The bytes of a checkpoint file to go on from; `totalSteps`, `totalEpisodes` and `backend` alone may be changed. */
  readonly checkpoint?: Uint8Array;
  /**
   * A worker to train in, made of a file that imports `wasm-dqn/worker`; `dispose` ends it. Without one, a worker is made of
   * the library's own source; with `false`, and in Node, the training shares this thread.
   */
  readonly worker?: Worker | false;
  /** Where the kernels come from, if not from the library's own file: `wasm-dqn/core.wasm`'s address, bytes or module. */
  readonly wasm?: CoreSource;
  /** An environment of your own; in this thread only, a worker is given its own by `serveTrainer`. */
  readonly environment?: EnvironmentSpec;
  /** Least milliseconds between snapshots; 16 unless said otherwise, a frame. */
  readonly snapshotInterval?: number;
}

export interface RunOptions {
  /** Pauses the run; `run` then throws its reason. */
  readonly signal?: AbortSignal;
  /** Episodes after which to pause. */
  readonly episodes?: number;
}

type Listener = (snapshot: Snapshot) => void;

/**
 * A run in a worker: it trains while the page stays free, and tells the page how it stands.
 * @throws UsageError for a value out of range or an unknown recipe, RunError for a damaged checkpoint or a worker that does not start
 */
export async function createTrainer(options: TrainerOptions = {}): Promise<Trainer> {
  refuseUnlessObject(options, "options");
  const {
    checkpoint,
    environment,
    recipe,
    snapshotInterval = 16,
    wasm,
    worker,
    ...changes
  } = options;
  parsePartial(changes, "");
  const timed = typeof snapshotInterval === "number" && snapshotInterval >= 0;
  refuseUnless(timed, "snapshotInterval", "a number of at least 0", snapshotInterval);
  if (worker) {
    const fits = typeof worker.addEventListener === "function" && !taken.has(worker);
    refuseUnless(fits, "worker", "a Worker that no trainer has had", worker);
    refuseUnless(environment === undefined, "environment", "given to serveTrainer", environment);
    taken.add(worker);
  }
  const own = worker ?? (environment === undefined && hasInlineWorker() && inlineWorker());
  const link = own ? hostIn(own) : hostHere(environment);
  try {
    const run = await link.ask("begin", { recipe, changes, checkpoint, wasm: postable(wasm) });
    return new Trainer(link, run, snapshotInterval);
  } catch (error) {
    link.close(error);
    throw error;
  }
}

/** A source that can be posted to a worker, whose own address is another than the page's. */
function postable(wasm: CoreSource | undefined): Exclude<CoreSource, URL> | undefined {
  if (typeof wasm !== "string" && !(wasm instanceof URL)) return wasm;
  const base = globalThis.document?.baseURI ?? globalThis.location?.href;
  return URL.canParse(wasm, base) ? new URL(wasm, base).href : String(wasm);
}

/** Workers that a trainer has, or has had. */
const taken = new WeakSet<Worker>();

/** A run that is trained elsewhere, in a worker as a rule. Made by `createTrainer`. */
export class Trainer {
  readonly recipe: string;
  /** The whole configuration, every value resolved. */
  readonly config: Config;
  readonly #link: Link;
  readonly #interval: number;
  readonly #listeners = new Set<Listener>();
  /** Calls of `run` so far: the number of the latest. */
  #runs = 0;
  #snapshot: Snapshot;

  constructor(link: Link, { config, recipe, snapshot }: HostedRun, interval: number) {
    this.recipe = recipe;
    // What a worker posts is a copy that is not frozen.
    this.config = parseConfig(config);
    this.#link = link;
    this.#interval = interval;
    this.#snapshot = snapshot;
    link.onSnapshot = (next) => {
      this.#show(next);
      link.ask("shown").catch(() => {});
    };
  }

  #show(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
    for (const listener of this.#listeners) {
      try {
        listener(snapshot);
      } catch (error) {
        // It is the page's, not the run's: the page hears of it, and the run goes on.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  /** The latest snapshot. */
  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  /** Tells `listener` of every snapshot, the last one of a run too. Returns what ends that. */
  on(event: "snapshot", listener: Listener): () => void {
    refuseUnless(event === "snapshot", "event", '"snapshot"', event);
    refuseUnless(typeof listener === "function", "listener", "a function", listener);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Trains until the run is finished, it is paused, or `episodes` more have ended, and returns the snapshot of that moment. At once
   * if the run is finished already. At most one call trains at a time: one that is made while another trains throws, and one that
   * is made once the other was paused begins when that one has stopped.
   * @param options `episodes`, a number greater than 0, counts from where this call begins to train. `signal` pauses this call
   *   alone; the run can go on with the next call.
   * @throws RunError if the training diverges, is running already, the worker fails, or the trainer is disposed of; the signal's
   *   reason if it is aborted before this call has returned
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
      this.#show(await this.#link.ask("run", episodes, this.#interval, number));
    } finally {
      signal?.removeEventListener("abort", pause);
    }
    signal?.throwIfAborted();
    return this.#snapshot;
  }

  /**
   * Pauses what the latest call of `run` trains, or is still to train. Returns once it has stopped: after some milliseconds, or after
   * the evaluation it is in. That call then returns its snapshot. Nothing happens where nothing runs, or after `dispose`.
   */
  pause(): Promise<void> {
    return this.#pause();
  }

  async #pause(number?: number): Promise<void> {
    await this.#link.ask("pause", number).catch(() => {});
  }

  /** The policy as it is now, as the bytes of a policy file. */
  policy(): Promise<Bytes> {
    return this.#link.ask("policy");
  }

  /** All of the run as it is now, as the bytes of a checkpoint file. */
  checkpoint(): Promise<Bytes> {
    return this.#link.ask("checkpoint");
  }

  /** SHA-256 over the Q-network's weights as they are now. */
  weightsSha256(): Promise<string> {
    return this.#link.ask("weightsSha256");
  }

  /** Returns of so many greedy episodes, on a stream that no check during training has seen. */
  async evaluate(episodes = 100): Promise<readonly number[]> {
    return this.#link.ask("evaluate", episodes);
  }

  /**
   * Ends the worker and lets the memory go. Whatever still waits for an answer, and whatever is asked from now on, throws RunError,
   * but for `pause`, which has nothing left to do. `snapshot` and `config` stay.
   */
  dispose(): void {
    this.#listeners.clear();
    this.#link.close(new RunError("The trainer was disposed of."));
  }
}

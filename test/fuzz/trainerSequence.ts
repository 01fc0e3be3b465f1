import { expect } from "vitest";
import { createTrainer, type Trainer } from "../../src/browserTrainer/trainer.ts";
import type { Config } from "../../src/config/config.ts";
import { Training } from "../../src/dqn/training.ts";
import { yieldToEventLoop } from "../../src/dqn/yieldToEventLoop.ts";
import type { EnvironmentSpec } from "../../src/environments/environmentSpec.ts";
import { encodeCheckpoint, readCheckpoint, resumeTraining } from "../../src/formats/checkpoint.ts";
import type { Mutator } from "./mutator.ts";
import { expectSameCheckpoint } from "./sameRun.ts";

/** A paused run ends after one slice, which is one turn of the event loop. After this many turns pausing has failed. */
const PATIENCE_TURNS = 60;

/** A promise that is still pending after this time counts as never settled. */
const SETTLED_MILLISECONDS = 20_000;

const RUNNING = "The trainer is running already.";
const DISPOSED = "The trainer was disposed of.";
const ABORTED = "The signal was aborted.";

/** A call of `run` that may still be pending. */
interface PendingRun {
  settled: boolean;
  /** Whether it was asked to stop before it settled. */
  stopped: boolean;
}

/** Calls methods of a trainer in a random order, without waiting for most of them. */
export class TrainerSequence {
  readonly #mutator: Mutator;
  readonly #trainer: Trainer;
  readonly #config: Config;
  readonly #environment: EnvironmentSpec | undefined;
  readonly #said: string[];
  readonly #runs: PendingRun[] = [];
  readonly #calls: Promise<void>[] = [];
  readonly #faults: string[] = [];
  readonly #listeners: (() => void)[] = [];
  #pending = 0;
  #disposed = false;

  private constructor(
    mutator: Mutator,
    trainer: Trainer,
    config: Config,
    environment: EnvironmentSpec | undefined,
    said: string[],
  ) {
    this.#mutator = mutator;
    this.#trainer = trainer;
    this.#config = config;
    this.#environment = environment;
    this.#said = said;
  }

  /**
   * Makes a random sequence of calls.
   * @param said receives the calls, for the failure message
   * @throws the first violation
   */
  static async play(
    mutator: Mutator,
    config: Config,
    environment: EnvironmentSpec | undefined,
    said: string[],
  ): Promise<void> {
    const snapshotInterval = mutator.pick([0, 1, 16]);
    const options = environment === undefined ? {} : { environment };
    const trainer = await createTrainer({
      ...config,
      ...options,
      snapshotInterval,
      timelineInterval: 5,
      worker: false,
    });
    const sequence = new TrainerSequence(mutator, trainer, config, environment, said);
    try {
      for (let left = 3 + mutator.below(10); left > 0; left--) await sequence.#act();
      await sequence.#end();
    } finally {
      trainer.dispose();
    }
  }

  /**
   * Tracks a promise of the trainer and checks its outcome.
   * @param allowed messages that it may reject with
   */
  #watch(name: string, promise: Promise<unknown>, allowed: readonly string[] = []): void {
    const disposedBefore = this.#disposed;
    this.#pending++;
    const settled = promise
      .then(
        () => {
          if (disposedBefore && name !== "pause")
            this.#faults.push(`${name} after dispose resolved`);
        },
        (error: unknown) => {
          const message = error instanceof Error ? error.message : String(error);
          const known = disposedBefore ? message === ABORTED : allowed.includes(message);
          const gone = this.#disposed && message === DISPOSED;
          if (!known && !gone) this.#faults.push(`${name} rejected: ${message}`);
        },
      )
      .finally(() => this.#pending--);
    this.#calls.push(settled);
  }

  #run(options: { readonly episodes?: number; readonly signal?: AbortSignal }): PendingRun {
    const run: PendingRun = { settled: false, stopped: false };
    this.#runs.push(run);
    const promise = this.#trainer.run(options).finally(() => {
      run.settled = true;
    });
    this.#watch("run", promise, [RUNNING, ABORTED]);
    return run;
  }

  #stopRuns(): void {
    for (const run of this.#runs) if (!run.settled) run.stopped = true;
  }

  async #act(): Promise<void> {
    const mutator = this.#mutator;
    const trainer = this.#trainer;
    const action = mutator.pick([
      ...["run", "run", "run episodes", "run aborted", "pause", "pause and run", "turns"],
      ...["evaluate", "policy", "checkpoint", "weightsSha256", "listen", "unlisten", "dispose"],
      ...["speed", "timeline", "policyAt", "activations", "qValues", "weights"],
    ]);
    // Disposing early would leave little to test.
    if (action === "dispose" && mutator.below(4) > 0) return;
    this.#said.push(action);
    if (action === "run") this.#run({});
    else if (action === "run episodes") this.#run({ episodes: 1 + mutator.below(5) });
    else if (action === "run aborted") this.#runAborted();
    else if (action.startsWith("pause")) {
      this.#stopRuns();
      this.#watch("pause", trainer.pause());
      if (action === "pause and run") this.#run({});
    } else if (action === "turns") await turns(mutator.below(6));
    else if (action === "evaluate") this.#watch(action, trainer.evaluate(1 + mutator.below(2)));
    else if (action === "policy") this.#watch(action, trainer.policy());
    else if (action === "checkpoint") this.#watch(action, trainer.checkpoint());
    else if (action === "weightsSha256") this.#watch(action, trainer.weightsSha256());
    else if (action === "speed")
      this.#watch(action, trainer.setSpeed(mutator.pick([1e3, 1e5, Infinity])));
    else if (action === "timeline") this.#watch(action, trainer.timeline());
    else if (action === "policyAt") this.#watch(action, trainer.policyAt(0));
    else if (action === "activations") this.#watch(action, trainer.activations(this.#zeros(1)));
    else if (action === "qValues") this.#watch(action, trainer.qValues(this.#zeros(500)));
    else if (action === "weights") this.#watch(action, trainer.weights());
    else if (action === "listen") this.#listeners.push(trainer.on("snapshot", () => {}));
    else if (action === "unlisten") this.#listeners.pop()?.();
    else {
      this.#disposed = true;
      trainer.dispose();
    }
    if (mutator.below(3) === 0) await turns(1 + mutator.below(3));
  }

  /** Observations of zeros. */
  #zeros(count: number): Float32Array {
    return new Float32Array(count * this.#trainer.snapshot.current.observation.length);
  }

  /** Starts a run with a signal that is aborted before it, immediately, or some turns later. */
  #runAborted(): void {
    const controller = new AbortController();
    const abort = () => controller.abort(new Error(ABORTED));
    const delay = this.#mutator.below(5) - 1;
    if (delay < 0) abort();
    const run = this.#run({ signal: controller.signal });
    const stop = () => {
      abort();
      if (!run.settled) run.stopped = true;
    };
    if (delay === 0) stop();
    if (delay > 0) this.#calls.push(turns(delay).then(stop));
  }

  /** Waits for the pending calls, and compares the trainer with an undisturbed run. */
  async #end(): Promise<void> {
    const stopped = () => this.#runs.filter((run) => run.stopped && !run.settled);
    await until(() => stopped().length === 0, PATIENCE_TURNS);
    expect(stopped(), "paused runs that continue").toEqual([]);
    if (!this.#disposed) this.#watch("the last pause", this.#trainer.pause());
    const deadline = Date.now() + SETTLED_MILLISECONDS;
    await until(() => this.#pending === 0 || Date.now() > deadline, Infinity);
    expect(this.#pending, "promises that were never settled").toBe(0);
    await Promise.all(this.#calls);
    expect(this.#faults.join("\n")).toBe("");
    if (this.#disposed) await this.#expectRejections();
    else await this.#expectUndisturbed();
  }

  async #expectUndisturbed(): Promise<void> {
    const trainer = this.#trainer;
    const checkpoint = await trainer.checkpoint();
    await turns(10);
    const { midStep, steps } = readCheckpoint(checkpoint, "checkpoint").counters;
    const later = readCheckpoint(await trainer.checkpoint(), "later").counters.steps;
    expect(later, "steps while no run is pending").toBe(steps);
    const reference = new Training(this.#config, {}, this.#environment);
    // A run of 0 steps also resets the first episode.
    if (steps > 0) reference.advance(steps);
    // A run that was paused between two episodes of an evaluation has not finished its step.
    expectSameCheckpoint(
      midStep ? this.#finishStep(checkpoint) : checkpoint,
      encodeCheckpoint(reference),
    );
    expect(await trainer.evaluate(2)).toEqual(reference.finalEvaluation(2).returns);
    trainer.dispose();
    this.#disposed = true;
    await this.#expectRejections();
  }

  /** Expects every method of a disposed trainer to reject with the same sentence. */
  #finishStep(checkpoint: Uint8Array): Uint8Array {
    const read = readCheckpoint(checkpoint, "checkpoint");
    const training = resumeTraining(read, {}, {}, this.#environment);
    training.advance(0);
    return encodeCheckpoint(training);
  }

  async #expectRejections(): Promise<void> {
    const trainer = this.#trainer;
    const asked = [
      ...[trainer.run(), trainer.run({ episodes: 2 }), trainer.evaluate(1), trainer.policy()],
      ...[trainer.checkpoint(), trainer.weightsSha256(), trainer.timeline(), trainer.policyAt(0)],
      ...[trainer.setSpeed(1), trainer.weights(), trainer.change({}), trainer.qValues([])],
    ];
    for (const one of asked) await expect(one).rejects.toThrow(DISPOSED);
    await expect(trainer.pause()).resolves.toBeUndefined();
  }
}

async function turns(count: number): Promise<void> {
  for (let k = 0; k < count; k++) await yieldToEventLoop();
}

/** Yields to the event loop until a condition holds. */
async function until(condition: () => boolean, mostTurns: number): Promise<void> {
  for (let k = 0; k < mostTurns && !condition(); k++) await yieldToEventLoop();
}

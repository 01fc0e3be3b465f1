import { RunError, refuseUnless } from "../errors.ts";
import { type Core, createCore } from "../kernels/core.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { RandomStream } from "../numerics/random.ts";
import type { Environment, StepResult } from "./environment.ts";

/** Bytes of a classic-control environment's state. The state is 16-byte aligned. */
export const classicControlBytes = 96;

/** Byte offsets: state (4 float64), stream (4 u32), observation (up to 6 float32), terminated (u32), elapsed (u32), force (float64). */
const layout = { state: 0, stream: 32, observation: 48, terminated: 72, elapsed: 76, force: 80 };

/** Task of a classic-control environment. */
export interface Task {
  readonly observationSize: number;
  readonly actionCount: number;
  /** Float64 numbers of the state that the kernel steps; at most 4. */
  readonly stateSize: number;
  /** Maximum absolute value of each number of a valid state. */
  readonly bound: number;
  /** Kernel of a step. */
  readonly kernel: Extract<keyof Kernels, `${string}Step`>;
  /** Returns the force of an action, as the kernel takes it. */
  readonly force: (action: number) => number;
  /** Reward of a step, and of a step that terminates. */
  readonly reward: number;
  readonly lastReward: number;
}

/** Base class of Gymnasium's classic-control tasks. State, random stream and step count are in the core's memory. */
export abstract class ClassicControl implements Environment {
  readonly observationSize: number;
  readonly actionCount: number;
  readonly task: Task;
  /** Time limit in steps; Infinity for none. */
  readonly maxEpisodeSteps: number;
  /** Whether `EpisodeBatch` can play its episodes: a step depends only on state and action, and is not overridden. */
  readonly batchable: boolean;
  /** State of the current episode, as the kernel keeps it. */
  readonly state: Float64Array;
  protected readonly random: RandomStream;
  protected readonly result: {
    readonly observation: Float32Array;
    reward: number;
    terminated: boolean;
    truncated: boolean;
  };
  readonly #core: Core;
  readonly #ptr: number;
  readonly #bytes: Uint8Array;
  readonly #elapsed: Uint32Array;
  readonly #force: Float64Array;

  /**
   * @param core memory of the state; by default a new memory
   * @param ptr byte offset of the state
   * @param maxEpisodeSteps time limit in steps; Infinity for none
   */
  constructor(
    core: Core = createCore("wasm", classicControlBytes),
    ptr: number,
    task: Task,
    maxEpisodeSteps: number,
    batchable: boolean,
  ) {
    refuseUnless(core?.kernels !== undefined, "core", "a Core", core);
    const { buffer } = core;
    this.observationSize = task.observationSize;
    this.actionCount = task.actionCount;
    this.task = task;
    this.maxEpisodeSteps = maxEpisodeSteps;
    this.batchable = batchable;
    this.state = new Float64Array(buffer, ptr + layout.state, 4);
    this.random = new RandomStream(new Uint32Array(buffer, ptr + layout.stream, 4)).seed(0);
    this.result = {
      observation: new Float32Array(buffer, ptr + layout.observation, task.observationSize),
      reward: 0,
      terminated: false,
      truncated: false,
    };
    this.#core = core;
    this.#ptr = ptr;
    this.#bytes = new Uint8Array(buffer, ptr, classicControlBytes);
    this.#elapsed = new Uint32Array(buffer, ptr + layout.elapsed, 1);
    this.#force = new Float64Array(buffer, ptr + layout.force, 1);
  }

  /** Draws the initial `state` of an episode and writes its observation. */
  protected abstract start(): void;

  /** Returns the force of the next step. */
  protected forceOf(action: number): number {
    return this.task.force(action);
  }

  /** Applies an action: writes state, observation and `result.reward`. Returns whether the task terminated. */
  protected advance(action: number): boolean {
    const ptr = this.#ptr;
    this.#force[0] = this.forceOf(action);
    const ended = this.#core.kernels[this.task.kernel](
      ptr + layout.state,
      ptr + layout.observation,
      ptr + layout.terminated,
      ptr + layout.force,
      1,
    );
    this.result.reward = ended === 1 ? this.task.lastReward : this.task.reward;
    return ended === 1;
  }

  reset(options: { readonly seed?: number } = {}): Float32Array {
    if (options.seed !== undefined) this.random.seed(options.seed);
    this.#elapsed[0] = 0;
    this.start();
    return this.result.observation;
  }

  step(action: number): StepResult {
    const elapsed = this.#elapsed[0]! + 1;
    this.#elapsed[0] = elapsed;
    this.result.terminated = this.advance(action);
    this.result.truncated = elapsed >= this.maxEpisodeSteps;
    return this.result;
  }

  getState(): Uint8Array {
    return this.#bytes.slice();
  }

  /** @throws RunError for a state that `getState` cannot return */
  setState(state: Uint8Array): void {
    if (state.length !== classicControlBytes) {
      throw new RunError(
        `an environment's state must have ${classicControlBytes} bytes, got ${state.length}.`,
      );
    }
    const { buffer } = state.slice();
    const numbers = new Float64Array(buffer, layout.state, 4);
    const inside = numbers.every((value) => Math.abs(value) <= this.task.bound);
    if (!inside || new Uint32Array(buffer, layout.stream, 4).every((word) => word === 0)) {
      throw new RunError("the environment's state holds invalid numbers.");
    }
    this.#bytes.set(state);
  }

  /** Returns a uniform number from [low, high). */
  protected uniform(low: number, high: number): number {
    return low + (high - low) * this.random.next();
  }
}

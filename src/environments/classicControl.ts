import { RunError, refuseUnless } from "../errors.ts";
import { type Core, createCore } from "../kernels/core.ts";
import { RandomStream } from "../numerics/random.ts";
import type { Environment, StepResult } from "./environment.ts";

/** Bytes of a classic-control environment's state. The state is 16-byte aligned. */
export const classicControlBytes = 96;

/** Byte offsets: state (4 float64), stream (4 u32), observation (up to 6 float32), terminated (u32), elapsed (u32), force (float64). */
const layout = { state: 0, stream: 32, observation: 48, terminated: 72, elapsed: 76, force: 80 };

/** Base class of Gymnasium's classic-control tasks. State, random stream and step count are in the core's memory. */
export abstract class ClassicControl implements Environment {
  readonly observationSize: number;
  readonly actionCount: number;
  protected readonly core: Core;
  protected readonly statePtr: number;
  protected readonly observationPtr: number;
  protected readonly terminatedPtr: number;
  protected readonly forcePtr: number;
  protected readonly state: Float64Array;
  protected readonly random: RandomStream;
  protected readonly result: {
    readonly observation: Float32Array;
    reward: number;
    terminated: boolean;
    truncated: boolean;
  };
  readonly #bytes: Uint8Array;
  readonly #elapsed: Uint32Array;
  readonly #maxEpisodeSteps: number;
  readonly #bound: number;

  /**
   * @param core memory of the state; by default a new memory
   * @param ptr byte offset of the state
   * @param sizes `bound` limits the absolute value of each number of a valid state
   * @param maxEpisodeSteps time limit in steps; Infinity for none
   */
  constructor(
    core: Core = createCore("wasm", classicControlBytes),
    ptr: number,
    sizes: {
      readonly observationSize: number;
      readonly actionCount: number;
      readonly bound: number;
    },
    maxEpisodeSteps: number,
  ) {
    refuseUnless(core?.kernels !== undefined, "core", "a Core", core);
    const { buffer } = core;
    this.observationSize = sizes.observationSize;
    this.actionCount = sizes.actionCount;
    this.core = core;
    this.statePtr = ptr + layout.state;
    this.observationPtr = ptr + layout.observation;
    this.terminatedPtr = ptr + layout.terminated;
    this.forcePtr = ptr + layout.force;
    this.state = new Float64Array(buffer, this.statePtr, 4);
    this.random = new RandomStream(new Uint32Array(buffer, ptr + layout.stream, 4)).seed(0);
    this.result = {
      observation: new Float32Array(buffer, this.observationPtr, sizes.observationSize),
      reward: 0,
      terminated: false,
      truncated: false,
    };
    this.#bytes = new Uint8Array(buffer, ptr, classicControlBytes);
    this.#elapsed = new Uint32Array(buffer, ptr + layout.elapsed, 1);
    this.#maxEpisodeSteps = maxEpisodeSteps;
    this.#bound = sizes.bound;
  }

  /** Draws the initial `state` of an episode and writes its observation. */
  protected abstract start(): void;

  /** Applies an action: writes state, observation and `result.reward`. Returns whether the task terminated. */
  protected abstract advance(action: number): boolean;

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
    this.result.truncated = elapsed >= this.#maxEpisodeSteps;
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
    const inside = numbers.every((value) => Math.abs(value) <= this.#bound);
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

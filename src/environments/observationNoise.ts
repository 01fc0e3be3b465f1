import { RandomStream, streamSeed } from "../agent/random.ts";
import type { Environment, StepResult } from "./environment.ts";

/** The stream of the noise, apart from those of `streams`. */
const NOISE_STREAM = 100;

/** Adds a number uniform in +-amplitude to every number of every observation. */
export class ObservationNoise implements Environment {
  readonly observationSize: number;
  readonly actionCount: number;
  readonly #inner: Environment;
  readonly #amplitude: number;
  readonly #words = new Uint32Array(4);
  readonly #random = new RandomStream(this.#words).seed(0);
  readonly #result: {
    readonly observation: Float32Array;
    reward: number;
    terminated: boolean;
    truncated: boolean;
  };
  getState?: () => Uint8Array;
  setState?: (state: Uint8Array) => void;

  constructor(inner: Environment, amplitude: number) {
    this.observationSize = inner.observationSize;
    this.actionCount = inner.actionCount;
    this.#inner = inner;
    this.#amplitude = amplitude;
    const observation = new Float32Array(inner.observationSize);
    this.#result = { observation, reward: 0, terminated: false, truncated: false };
    const { getState, setState } = inner;
    if (getState && setState) {
      const streamBytes = new Uint8Array(this.#words.buffer);
      this.getState = () => Uint8Array.of(...streamBytes, ...getState.call(inner));
      this.setState = (state) => {
        streamBytes.set(state.subarray(0, streamBytes.length));
        setState.call(inner, state.subarray(streamBytes.length));
      };
    }
  }

  reset(options: { readonly seed?: number } = {}): Float32Array {
    if (options.seed !== undefined) this.#random.seed(streamSeed(options.seed, NOISE_STREAM));
    return this.#disturb(this.#inner.reset(options));
  }

  step(action: number): StepResult {
    const { observation, reward, terminated, truncated } = this.#inner.step(action);
    this.#disturb(observation);
    this.#result.reward = reward;
    this.#result.terminated = terminated;
    this.#result.truncated = truncated;
    return this.#result;
  }

  #disturb(observation: ArrayLike<number>): Float32Array {
    const disturbed = this.#result.observation;
    for (let k = 0; k < disturbed.length; k++) {
      disturbed[k] = observation[k]! + (2 * this.#random.next() - 1) * this.#amplitude;
    }
    return disturbed;
  }
}

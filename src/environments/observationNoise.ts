import { RandomStream, streamSeed } from "../numerics/random.ts";
import type { Environment } from "./environment.ts";
import { Wrapper } from "./wrapper.ts";

/** Stream number that `streams` does not use. */
const NOISE_STREAM = 100;

/** Adds uniform noise from [-amplitude, amplitude) to each number of an observation. */
export class ObservationNoise extends Wrapper {
  readonly #amplitude: number;
  readonly #random: RandomStream;
  readonly #disturbed: Float32Array;

  constructor(inner: Environment, amplitude: number) {
    const words = new Uint32Array(4);
    super(inner, inner.observationSize, new Uint8Array(words.buffer));
    this.#amplitude = amplitude;
    this.#random = new RandomStream(words).seed(0);
    this.#disturbed = new Float32Array(inner.observationSize);
  }

  protected begin(observation: ArrayLike<number>, seed: number | undefined): Float32Array {
    if (seed !== undefined) this.#random.seed(streamSeed(seed, NOISE_STREAM));
    return this.#disturb(observation);
  }

  protected change(): void {
    this.result.observation = this.#disturb(this.result.observation);
  }

  #disturb(observation: ArrayLike<number>): Float32Array {
    const disturbed = this.#disturbed;
    for (let k = 0; k < disturbed.length; k++) {
      disturbed[k] = observation[k]! + (2 * this.#random.next() - 1) * this.#amplitude;
    }
    return disturbed;
  }
}

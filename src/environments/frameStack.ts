import type { Environment } from "./environment.ts";
import { Wrapper } from "./wrapper.ts";

/** Stacks the last `count` observations into one, oldest first. Frames before the first observation of an episode are zeros. */
export class FrameStack extends Wrapper {
  readonly #frames: Float32Array;

  constructor(inner: Environment, count: number) {
    const frames = new Float32Array(count * inner.observationSize);
    super(inner, frames.length, new Uint8Array(frames.buffer));
    this.#frames = frames;
  }

  protected begin(observation: ArrayLike<number>): Float32Array {
    this.#frames.fill(0);
    return this.#push(observation);
  }

  protected change(): void {
    this.result.observation = this.#push(this.result.observation);
  }

  #push(observation: ArrayLike<number>): Float32Array {
    const frames = this.#frames;
    const size = observation.length;
    const last = frames.length - size;
    frames.copyWithin(0, size);
    for (let k = 0; k < size; k++) frames[last + k] = observation[k]!;
    return frames;
  }
}

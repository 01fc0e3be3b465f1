import type { Environment, StepResult } from "./environment.ts";

/** The last `count` observations as one, the oldest first; before an episode's first observation there are zeros. */
export class FrameStack implements Environment {
  readonly observationSize: number;
  readonly actionCount: number;
  readonly #inner: Environment;
  readonly #frames: Float32Array;
  readonly #result: {
    readonly observation: Float32Array;
    reward: number;
    terminated: boolean;
    truncated: boolean;
  };
  getState?: () => Uint8Array;
  setState?: (state: Uint8Array) => void;

  constructor(inner: Environment, count: number) {
    this.observationSize = count * inner.observationSize;
    this.actionCount = inner.actionCount;
    this.#inner = inner;
    this.#frames = new Float32Array(this.observationSize);
    this.#result = { observation: this.#frames, reward: 0, terminated: false, truncated: false };
    const { getState, setState } = inner;
    if (getState && setState) {
      const frameBytes = new Uint8Array(this.#frames.buffer);
      this.getState = () => Uint8Array.of(...frameBytes, ...getState.call(inner));
      this.setState = (state) => {
        frameBytes.set(state.subarray(0, frameBytes.length));
        setState.call(inner, state.subarray(frameBytes.length));
      };
    }
  }

  reset(options: { readonly seed?: number } = {}): Float32Array {
    this.#frames.fill(0);
    this.#push(this.#inner.reset(options));
    return this.#frames;
  }

  step(action: number): StepResult {
    const { observation, reward, terminated, truncated } = this.#inner.step(action);
    this.#push(observation);
    this.#result.reward = reward;
    this.#result.terminated = terminated;
    this.#result.truncated = truncated;
    return this.#result;
  }

  #push(observation: ArrayLike<number>): void {
    const size = observation.length;
    const last = this.#frames.length - size;
    this.#frames.copyWithin(0, size);
    for (let k = 0; k < size; k++) this.#frames[last + k] = observation[k]!;
  }
}

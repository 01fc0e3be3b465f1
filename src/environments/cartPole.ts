import { RandomStream } from "../agent/random.ts";
import type { Core } from "../kernels/core.ts";
import type { Environment, StepResult } from "./environment.ts";

/** Bytes of memory a CartPole needs, from a 16-byte aligned offset on. */
export const cartPoleBytes = 96;

/** Byte offsets of its parts: 4 float64 of state, a stream of 4 words, 4 float32 of observation, then three u32. */
const layout = { state: 0, stream: 32, observation: 48, action: 64, terminated: 68, elapsed: 72 };

/**
 * CartPole as in Gymnasium's CartPole-v1: reward 1 for every step, the failing one too; terminated beyond 2.4 m or 12
 * degrees; truncated after `maxEpisodeSteps`. Everything it is lies in the core's memory.
 */
export class CartPole implements Environment {
  readonly observationSize = 4;
  readonly actionCount = 2;
  readonly #core: Core;
  readonly #ptr: number;
  readonly #maxEpisodeSteps: number;
  readonly #state: Float64Array;
  readonly #words: Uint32Array;
  readonly #random: RandomStream;
  readonly #result: {
    readonly observation: Float32Array;
    readonly reward: number;
    terminated: boolean;
    truncated: boolean;
  };

  constructor(core: Core, ptr: number, maxEpisodeSteps: number) {
    const { buffer } = core;
    this.#core = core;
    this.#ptr = ptr;
    this.#maxEpisodeSteps = maxEpisodeSteps;
    this.#state = new Float64Array(buffer, ptr + layout.state, 4);
    this.#words = new Uint32Array(buffer, ptr + layout.action, 3);
    this.#random = new RandomStream(new Uint32Array(buffer, ptr + layout.stream, 4)).seed(0);
    this.#result = {
      observation: new Float32Array(buffer, ptr + layout.observation, 4),
      reward: 1,
      terminated: false,
      truncated: false,
    };
  }

  /** All four numbers of the state uniform in [-0.05, 0.05). */
  reset(options: { readonly seed?: number } = {}): Float32Array {
    if (options.seed !== undefined) this.#random.seed(options.seed);
    const { observation } = this.#result;
    for (let k = 0; k < 4; k++) {
      const value = this.#random.next() * 0.1 - 0.05;
      this.#state[k] = value;
      observation[k] = value;
    }
    this.#words[2] = 0;
    return observation;
  }

  step(action: number): StepResult {
    const ptr = this.#ptr;
    const words = this.#words;
    words[0] = action;
    const elapsed = words[2]! + 1;
    words[2] = elapsed;
    const result = this.#result;
    result.terminated =
      this.#core.kernels.cartPoleStep(
        ptr + layout.state,
        ptr + layout.observation,
        ptr + layout.terminated,
        ptr + layout.action,
        1,
      ) === 1;
    result.truncated = elapsed >= this.#maxEpisodeSteps;
    return result;
  }
}

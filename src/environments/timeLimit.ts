import type { Environment } from "./environment.ts";
import { Wrapper } from "./wrapper.ts";

/** Truncates episodes after `maxEpisodeSteps` steps. */
export class TimeLimit extends Wrapper {
  readonly #elapsed: Uint32Array;
  readonly #maxEpisodeSteps: number;

  constructor(inner: Environment, maxEpisodeSteps: number) {
    const elapsed = new Uint32Array(1);
    super(inner, inner.observationSize, new Uint8Array(elapsed.buffer));
    this.#elapsed = elapsed;
    this.#maxEpisodeSteps = maxEpisodeSteps;
  }

  protected begin(observation: ArrayLike<number>): ArrayLike<number> {
    this.#elapsed[0] = 0;
    return observation;
  }

  protected change(): void {
    const elapsed = this.#elapsed[0]! + 1;
    this.#elapsed[0] = elapsed;
    if (elapsed >= this.#maxEpisodeSteps) this.result.truncated = true;
  }
}

import { regionView } from "../network/arena.ts";
import type { TrainingPlan } from "./memoryPlan.ts";

/** Weight of the initial mean 0 and variance 1, in observations. */
const INITIAL_COUNT = 1e-4;

/**
 * Running mean and variance of the observations (Welford 1962). They are parameters of the Q-network, which normalises its input with
 * them, so a policy contains them.
 */
export class ObservationStatistics {
  /** Count, then a mean and a sum of squared deviations per number of an observation. */
  readonly #sums: Float64Array;
  readonly #mean: Float32Array;
  readonly #variance: Float32Array;

  constructor(buffer: ArrayBuffer, { parameters, shape, state }: TrainingPlan) {
    const size = shape.observationSize;
    const { running_mean: mean, running_var: variance } = parameters.layers[0]!.offsets;
    const { offset } = state.online;
    this.#sums = regionView(buffer, state.observationSums);
    this.#sums[0] = INITIAL_COUNT;
    this.#sums.fill(INITIAL_COUNT, 1 + size);
    this.#mean = new Float32Array(buffer, offset + mean!, size);
    this.#variance = new Float32Array(buffer, offset + variance!, size);
  }

  /** Includes an observation. */
  add(observation: ArrayLike<number>): void {
    const sums = this.#sums;
    const size = observation.length;
    const count = sums[0]! + 1;
    sums[0] = count;
    for (let k = 0; k < size; k++) {
      const value = observation[k]!;
      const deviation = value - sums[1 + k]!;
      const mean = sums[1 + k]! + deviation / count;
      const squares = sums[1 + size + k]! + deviation * (value - mean);
      sums[1 + k] = mean;
      sums[1 + size + k] = squares;
      this.#mean[k] = mean;
      this.#variance[k] = squares / count;
    }
  }
}

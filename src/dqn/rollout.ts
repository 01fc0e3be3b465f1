import { regionView } from "../network/arena.ts";
import type { RandomStream } from "../numerics/random.ts";
import type { TrainingPlan } from "./memoryPlan.ts";
import { STEP_NUMBERS } from "./transition.ts";

/**
 * The last steps of all copies of the environment, in the training memory: one row of observations and one of `STEP_NUMBERS` for each
 * step, round after round. When the rollout is full, the agent learns from it, and new steps overwrite it.
 */
export class Rollout {
  /** Steps of a full rollout. */
  readonly size: number;
  readonly #stride: number;
  readonly #observations: Float32Array | Uint8Array;
  readonly #steps: Float32Array;
  readonly #order: Uint32Array;
  readonly #indices: Uint32Array;
  /** The indices as float32, for observations of bytes; else empty. */
  readonly #rows: Float32Array;

  constructor(buffer: ArrayBuffer, { scratch, state }: TrainingPlan) {
    const { rolloutObservations, rolloutOrder, rolloutSteps } = state;
    this.size = rolloutOrder.length;
    this.#stride = rolloutObservations.length / (this.size + 1);
    this.#observations = regionView(buffer, rolloutObservations);
    this.#steps = regionView(buffer, rolloutSteps);
    this.#order = regionView(buffer, rolloutOrder);
    // The padding row. No Q-value has action -1, so padding adds nothing to loss and gradient.
    this.#steps[STEP_NUMBERS * this.size] = -1;
    this.#indices = regionView(buffer, scratch.indices).fill(this.size);
    this.#rows = regionView(buffer, scratch.rolloutRows).fill(this.size);
  }

  /**
   * Writes a step into a row.
   * @param discount factor of the next state's value: gamma, or 0 if the reward contains that value or there is none
   * @param value maximum Q-value of the step's state
   */
  store(
    row: number,
    observation: Float32Array,
    action: number,
    reward: number,
    discount: number,
    value: number,
  ): void {
    const first = row * this.#stride;
    for (let k = 0; k < observation.length; k++) this.#observations[first + k] = observation[k]!;
    const step = STEP_NUMBERS * row;
    this.#steps[step] = action;
    this.#steps[step + 1] = reward;
    this.#steps[step + 2] = discount;
    this.#steps[step + 3] = value;
  }

  /** Ends the episode after a stored step with a state of this value, as a time limit does. */
  cutOff(row: number, value: number): void {
    const step = STEP_NUMBERS * row;
    this.#steps[step + 1]! += this.#steps[step + 2]! * value;
    this.#steps[step + 2] = 0;
  }

  /** Shuffles the rows: the inside-out variant of the Fisher-Yates shuffle, with the draws in the place of the rows. */
  shuffle(random: RandomStream): void {
    const order = this.#order;
    random.fillBelow(order, this.size, 1);
    for (let k = 0; k < order.length; k++) {
      const drawn = order[k]!;
      order[k] = order[drawn]!;
      order[drawn] = k;
    }
  }

  /** Copies rows `first` to `first + count - 1` of the shuffled order to the batch's indices. */
  choose(first: number, count: number): void {
    for (let k = 0; k < count; k++) this.#indices[k] = this.#order[first + k]!;
    if (this.#rows.length === 0) return;
    for (let k = 0; k < count; k++) this.#rows[k] = this.#order[first + k]!;
  }

  /** Maximum absolute reward; 0 if the rollout is empty. */
  largestReward(): number {
    let largest = 0;
    for (let row = 0; row < this.size; row++) {
      largest = Math.max(largest, Math.abs(this.#steps[STEP_NUMBERS * row + 1]!));
    }
    return largest;
  }
}

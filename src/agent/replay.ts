import type { TrainingPlan } from "./memoryPlan.ts";
import type { RandomStream } from "./random.ts";

/**
 * The replay buffer: a ring of transitions in the training memory, one row each: observation, next observation,
 * action, reward, discount. The oldest is overwritten when it is full.
 */
export class ReplayBuffer {
  /** Transitions stored, at most the capacity. */
  size = 0;
  readonly capacity: number;
  readonly #next: { row: number; batch: number } = { row: 0, batch: 0 };
  readonly #stride: number;
  readonly #table: Float32Array;
  readonly #rows: Uint32Array;
  readonly #lastTaken: Uint32Array;
  readonly #random: RandomStream;

  constructor(buffer: ArrayBuffer, plan: TrainingPlan, random: RandomStream) {
    this.capacity = plan.lastTaken.length;
    this.#stride = plan.transitionStride;
    this.#table = new Float32Array(buffer, plan.replay.offset, plan.replay.length);
    this.#rows = new Uint32Array(buffer, plan.rows.offset, plan.batch);
    this.#lastTaken = new Uint32Array(buffer, plan.lastTaken.offset, this.capacity);
    this.#random = random;
    this.#table[this.capacity * this.#stride + plan.transitionSize - 3] = -1;
    this.#rows.fill(this.capacity);
  }

  /**
   * Stores a transition. `discount` multiplies the next state's value in the TD target: gamma, or 0 where nothing
   * follows. Both observations are copied.
   */
  store(
    observation: ArrayLike<number>,
    action: number,
    reward: number,
    discount: number,
    nextObservation: ArrayLike<number>,
  ): void {
    const table = this.#table;
    const size = observation.length;
    const row = this.#next.row * this.#stride;
    for (let k = 0; k < size; k++) {
      table[row + k] = observation[k]!;
      table[row + size + k] = nextObservation[k]!;
    }
    table[row + 2 * size] = action;
    table[row + 2 * size + 1] = reward;
    table[row + 2 * size + 2] = discount;
    this.#next.row = this.#next.row + 1 === this.capacity ? 0 : this.#next.row + 1;
    if (this.size < this.capacity) this.size++;
  }

  /**
   * Chooses `count` different rows uniformly (Floyd's algorithm: one draw a row, none rejected) and writes their numbers
   * to the plan's `rows`; count <= size.
   */
  chooseRows(count: number): void {
    const taken = this.#lastTaken;
    this.#next.batch = (this.#next.batch + 1) >>> 0;
    const batch = this.#next.batch;
    for (let k = 0, bound = this.size - count + 1; k < count; k++, bound++) {
      const drawn = this.#random.nextBelow(bound);
      const row = taken[drawn] === batch ? bound - 1 : drawn;
      taken[row] = batch;
      this.#rows[k] = row;
    }
  }
}

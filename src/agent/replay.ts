import { powers } from "./elementary.ts";
import type { TrainingPlan } from "./memoryPlan.ts";
import type { RandomStream } from "./random.ts";
import { SumTree } from "./sumTree.ts";

/** Prioritised replay's settings, in the words of Schaul et al. 2016. */
export interface PriorityOptions {
  /** How much the TD error counts: 0 is uniform. */
  readonly priorityAlpha: number;
  /** What is added to a TD error's size. */
  readonly priorityEpsilon: number;
}

/** Transitions that are copied out at once: some megabytes. */
const ROWS_AT_ONCE = 2 ** 16;

/**
 * The replay buffer: a ring of transitions in the training memory, one row each: observation, next observation,
 * action, reward, discount. The oldest is overwritten when it is full.
 */
export class ReplayBuffer {
  /** Transitions stored, at most the capacity. */
  size = 0;
  /** The row the next transition goes to. */
  nextRow = 0;
  /** Whether a reward was stored that float32 has no finite number for. */
  overflowed = false;
  /** The number of the last batch, modulo 2^32. */
  batchNumber = 0;
  /** One number, the greatest priority given so far; new transitions get it. */
  readonly greatestPriority: Float64Array = Float64Array.of(1);
  readonly capacity: number;
  readonly #stride: number;
  readonly #transitionSize: number;
  readonly #table: Float32Array;
  readonly #rows: Uint32Array;
  readonly #lastTaken: Uint32Array;
  readonly #errors: Float32Array;
  readonly #weights: Float32Array;
  readonly #random: RandomStream;
  readonly #priorities: PriorityOptions | null;
  readonly #tree: SumTree;
  /** Masses, ratios or priorities of a batch, on their way. */
  readonly #numbers: Float64Array;

  /** `priorities`: null for uniform replay. */
  constructor(
    buffer: ArrayBuffer,
    plan: TrainingPlan,
    random: RandomStream,
    priorities: PriorityOptions | null = null,
  ) {
    const { errors, lastTaken, priorityMinima, prioritySums, replay, rows, weights } = plan;
    this.capacity = lastTaken.length;
    this.#stride = plan.transitionStride;
    this.#transitionSize = plan.transitionSize;
    this.#table = new Float32Array(buffer, replay.offset, replay.length);
    this.#rows = new Uint32Array(buffer, rows.offset, rows.length);
    this.#lastTaken = new Uint32Array(buffer, lastTaken.offset, this.capacity);
    this.#errors = new Float32Array(buffer, errors.offset, plan.batch);
    this.#weights = new Float32Array(buffer, weights.offset, plan.batch).fill(1);
    this.#random = random;
    this.#priorities = priorities;
    this.#tree = new SumTree(
      new Float64Array(buffer, prioritySums.offset, prioritySums.length),
      new Float64Array(buffer, priorityMinima.offset, priorityMinima.length),
    );
    this.#tree.clear();
    this.#numbers = new Float64Array(rows.length);
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
    const row = this.nextRow * this.#stride;
    for (let k = 0; k < size; k++) {
      table[row + k] = observation[k]!;
      table[row + size + k] = nextObservation[k]!;
    }
    table[row + 2 * size] = action;
    table[row + 2 * size + 1] = reward;
    table[row + 2 * size + 2] = discount;
    if (!(Math.abs(table[row + 2 * size + 1]!) < Infinity)) this.overflowed = true;
    if (this.#priorities !== null) this.#tree.set(this.nextRow, this.greatestPriority, 0);
    this.nextRow = this.nextRow + 1 === this.capacity ? 0 : this.nextRow + 1;
    if (this.size < this.capacity) this.size++;
  }

  /**
   * Chooses `count` rows, count <= size, and writes their numbers to the plan's `rows`.
   * @param beta how much importance weights correct for priorities, from 0 to 1; uniform replay ignores it
   */
  chooseRows(count: number, beta = 1): void {
    if (this.#priorities === null) this.#chooseUniformly(count);
    else this.#chooseByPriority(count, beta);
  }

  /** Different rows, each set of them as likely as any other: Floyd's algorithm, one draw a row, none rejected. */
  #chooseUniformly(count: number): void {
    const taken = this.#lastTaken;
    this.batchNumber = (this.batchNumber + 1) >>> 0;
    const batch = this.batchNumber;
    const rows = this.#rows;
    const first = this.size - count;
    this.#random.fillBelow(rows, count, first + 1);
    for (let k = 0; k < count; k++) {
      const drawn = rows[k]!;
      const row = taken[drawn] === batch ? first + k : drawn;
      taken[row] = batch;
      rows[k] = row;
    }
  }

  /**
   * Proportional prioritisation (Schaul et al. 2016, Algorithm 1 and appendix B.2.1): one draw from each of `count` equal ranges of
   * the sum of priorities, weighted by (size x P(row))^-beta over the greatest such weight.
   */
  #chooseByPriority(count: number, beta: number): void {
    const tree = this.#tree;
    const numbers = this.#numbers;
    const rows = this.#rows;
    const range = tree.total / count;
    const least = tree.minimum;
    for (let k = 0; k < count; k++) numbers[k] = (k + this.#random.next()) * range;
    tree.find(numbers, rows, count);
    // (size P)^-beta / (size P_min)^-beta = (P_min / P)^beta
    for (let k = 0; k < count; k++) numbers[k] = least / tree.get(rows[k]!);
    powers(numbers, beta, count);
    for (let k = 0; k < count; k++) this.#weights[k] = numbers[k]!;
  }

  /** Gives the rows of the last batch, `count` of them, the priorities of their TD errors; uniform replay has none. */
  updatePriorities(count: number): void {
    if (this.#priorities === null) return;
    const { priorityAlpha, priorityEpsilon } = this.#priorities;
    const greatest = this.greatestPriority;
    const numbers = this.#numbers;
    for (let k = 0; k < count; k++) numbers[k] = Math.abs(this.#errors[k]!) + priorityEpsilon;
    powers(numbers, priorityAlpha, count);
    for (let k = 0; k < count; k++) {
      if (numbers[k]! > greatest[0]!) greatest[0] = numbers[k]!;
      this.#tree.set(this.#rows[k]!, numbers, k);
    }
  }

  /** The stored transitions as they lie in the ring: arrays of (at most ROWS_AT_ONCE, transitionSize). */
  *transitions(): Generator<Float32Array> {
    const width = this.#transitionSize;
    for (let first = 0; first < this.size; first += ROWS_AT_ONCE) {
      const rows = Math.min(ROWS_AT_ONCE, this.size - first);
      const packed = new Float32Array(rows * width);
      for (let row = 0; row < rows; row++) {
        const start = (first + row) * this.#stride;
        packed.set(this.#table.subarray(start, start + width), row * width);
      }
      yield packed;
    }
  }

  /** The priorities of the stored transitions; none in uniform replay. */
  priorities(): Float64Array {
    const count = this.#priorities === null ? 0 : this.size;
    return Float64Array.from({ length: count }, (_, row) => this.#tree.get(row));
  }

  /** Becomes a buffer whose `transitions` and `priorities` were these. */
  restore(transitions: Float32Array, priorities: Float64Array, nextRow: number): void {
    const width = this.#transitionSize;
    this.size = transitions.length / width;
    this.nextRow = nextRow;
    for (let row = 0; row < this.size; row++) {
      const packed = transitions.subarray(row * width, (row + 1) * width);
      this.#table.set(packed, row * this.#stride);
      if (!(Math.abs(packed[width - 2]!) < Infinity)) this.overflowed = true;
    }
    this.#tree.clear();
    for (let row = 0; row < priorities.length; row++) this.#tree.set(row, priorities, row);
  }
}

import type { LegalActions } from "../environments/legalActions.ts";
import { regionView } from "../network/arena.ts";
import { copyNumbers } from "../numerics/copyNumbers.ts";
import { powers } from "../numerics/elementary.ts";
import type { RandomStream } from "../numerics/random.ts";
import type { TrainingPlan } from "./memoryPlan.ts";
import { StateRing } from "./stateRing.ts";
import { SumTree } from "./sumTree.ts";
import type { TransitionLayout } from "./transition.ts";

/** Settings of prioritised replay, named as in Schaul et al. 2016. */
export interface PriorityOptions {
  /** Exponent of the priorities: 0 samples uniformly. */
  readonly priorityAlpha: number;
  /** Added to the absolute TD error. */
  readonly priorityEpsilon: number;
}

/** Priority of a dropped transition. */
const NO_PRIORITY = new Float64Array(1);

/** Rows that `transitions` copies at once: a few megabytes. */
const ROWS_PER_BLOCK = 2 ** 16;

/**
 * Replay buffer: a ring buffer in the training memory, one row per transition. When full, it overwrites the oldest. Observations are in the
 * rows, or, if they are bytes, in a `StateRing`.
 */
export class ReplayBuffer {
  /** Stored transitions, at most `capacity`. */
  size = 0;
  /**
   * Exponent of the importance weights, from 0 (no correction) to 1; ignored in uniform replay. A field, because V8 boxes a float64
   * argument at every call.
   */
  beta = 1;
  /** Row of the next transition. */
  nextRow = 0;
  /** Whether a stored reward is not finite in float32. */
  overflowed = false;
  /** Number of the last batch, modulo 2^32. */
  batchNumber = 0;
  /** One number: the maximum priority so far. New transitions get it. An array, because engines may box a number. */
  readonly greatestPriority: Float64Array = Float64Array.of(1);
  readonly capacity: number;
  /** The states, if observations are bytes; else null. */
  readonly states: StateRing | null;
  readonly #transition: TransitionLayout;
  readonly #table: Float32Array;
  readonly #indices: Uint32Array;
  readonly #lastSampled: Uint32Array;
  readonly #errors: Float32Array;
  readonly #weights: Float32Array;
  readonly #random: RandomStream;
  readonly #priorities: PriorityOptions | null;
  readonly #tree: SumTree;
  /** Scratch for the masses, ratios or priorities of a batch. */
  readonly #numbers: Float64Array;

  /** @param priorities null for uniform replay */
  constructor(
    buffer: ArrayBuffer,
    plan: TrainingPlan,
    random: RandomStream,
    priorities: PriorityOptions | null = null,
  ) {
    const { replay, scratch, transition } = plan;
    const { errors, indices, lastSampled, weights } = scratch;
    const { priorityMinima, prioritySums, table } = replay;
    this.capacity = lastSampled.length;
    this.states = replay.states.length > 0 ? new StateRing(buffer, plan) : null;
    this.#transition = transition;
    this.#table = regionView(buffer, table);
    this.#indices = regionView(buffer, indices);
    this.#lastSampled = regionView(buffer, lastSampled);
    this.#errors = regionView(buffer, errors);
    this.#weights = regionView(buffer, weights).fill(1);
    this.#random = random;
    this.#priorities = priorities;
    this.#tree = new SumTree(regionView(buffer, prioritySums), regionView(buffer, priorityMinima));
    this.#tree.clear();
    this.#numbers = new Float64Array(indices.length);
    // The padding transition. No Q-value has action -1, so padding adds nothing to loss and gradient.
    const padding = this.capacity * transition.stride;
    this.#table[padding + transition.action] = -1;
    if (this.states !== null) this.#table.fill(this.states.zeros, padding, padding + 2);
    this.#indices.fill(this.capacity);
  }

  /** Stored transitions that can be sampled: those whose states are still there. */
  get available(): number {
    return this.size - (this.states?.dropped ?? 0);
  }

  /** Row of the oldest transition that can be sampled. */
  get #oldest(): number {
    const first = this.size < this.capacity ? 0 : this.nextRow;
    return (first + this.size - this.available) % this.capacity;
  }

  /** Copies a state of bytes, and drops the transitions that lose a state by that. Returns the state's row. */
  storeState(observation: ArrayLike<number>): number {
    const states = this.states!;
    const { stride } = this.#transition;
    while (this.available > 0 && states.isEnding(this.#table[this.#oldest * stride]!)) {
      if (this.#priorities !== null) this.#tree.set(this.#oldest, NO_PRIORITY, 0);
      states.dropped++;
    }
    return states.store(observation);
  }

  /**
   * Copies a transition into the next row.
   * @param discount factor of the next state's value in the TD target: gamma^n, or 0 after a terminal step
   * @param nextLegal mask of the next state's legal actions; null if all are legal
   */
  store(
    observation: ArrayLike<number>,
    action: number,
    reward: number,
    discount: number,
    nextObservation: ArrayLike<number>,
    nextLegal: LegalActions | null = null,
  ): void {
    const table = this.#table;
    const layout = this.#transition;
    const row = this.nextRow * layout.stride;
    copyNumbers(table, row, observation);
    copyNumbers(table, row + layout.nextObservation, nextObservation);
    table[row + layout.action] = action;
    table[row + layout.reward] = reward;
    table[row + layout.discount] = discount;
    for (let k = layout.nextLegal; k < layout.size; k++) {
      table[row + k] = nextLegal === null || nextLegal[k - layout.nextLegal] ? 1 : 0;
    }
    if (!(Math.abs(table[row + layout.reward]!) < Infinity)) this.overflowed = true;
    if (this.#priorities !== null) this.#tree.set(this.nextRow, this.greatestPriority, 0);
    this.nextRow = this.nextRow + 1 === this.capacity ? 0 : this.nextRow + 1;
    if (this.size < this.capacity) this.size++;
    else if (this.states !== null && this.states.dropped > 0) this.states.dropped--;
  }

  /**
   * Writes `count` sampled rows to the plan's `indices`, 1 <= count <= available.
   */
  sample(count: number): void {
    if (this.#priorities === null) this.#sampleUniformly(count);
    else this.#sampleByPriority(count);
  }

  /** Samples distinct rows, each subset with equal probability: Floyd's algorithm, one draw per row without rejections. */
  #sampleUniformly(count: number): void {
    const lastSampled = this.#lastSampled;
    this.batchNumber = (this.batchNumber + 1) >>> 0;
    const batch = this.batchNumber;
    const indices = this.#indices;
    const { available } = this;
    const first = available - count;
    this.#random.fillBelow(indices, count, first + 1);
    for (let k = 0; k < count; k++) {
      const drawn = indices[k]!;
      const row = lastSampled[drawn] === batch ? first + k : drawn;
      lastSampled[row] = batch;
      indices[k] = row;
    }
    if (available === this.size) return;
    const oldest = this.#oldest;
    for (let k = 0; k < count; k++) indices[k] = (oldest + indices[k]!) % this.capacity;
  }

  /**
   * Samples rows in proportion to their priorities (Schaul et al. 2016, Algorithm 1 and appendix B.2.1): one draw from each of `count`
   * equal ranges of the sum of priorities. Importance weights are (size P(row))^-beta, divided by their maximum over all rows.
   */
  #sampleByPriority(count: number): void {
    const tree = this.#tree;
    const numbers = this.#numbers;
    const indices = this.#indices;
    const range = tree.total / count;
    const least = tree.minimum;
    for (let k = 0; k < count; k++) numbers[k] = (k + this.#random.next()) * range;
    tree.find(numbers, indices, count);
    // (size P)^-beta / (size P_min)^-beta = (P_min / P)^beta
    for (let k = 0; k < count; k++) numbers[k] = least / tree.get(indices[k]!);
    powers(numbers, this.beta, count);
    for (let k = 0; k < count; k++) this.#weights[k] = numbers[k]!;
  }

  /** Sets the priorities of the `count` rows of the last batch from their TD errors. No effect in uniform replay. */
  updatePriorities(count: number): void {
    if (this.#priorities === null) return;
    const { priorityAlpha, priorityEpsilon } = this.#priorities;
    const greatest = this.greatestPriority;
    const numbers = this.#numbers;
    for (let k = 0; k < count; k++) numbers[k] = Math.abs(this.#errors[k]!) + priorityEpsilon;
    powers(numbers, priorityAlpha, count);
    for (let k = 0; k < count; k++) {
      if (numbers[k]! > greatest[0]!) greatest[0] = numbers[k]!;
      this.#tree.set(this.#indices[k]!, numbers, k);
    }
  }

  /** Maximum absolute reward in the buffer; 0 if it is empty. */
  largestReward(): number {
    const { reward, stride } = this.#transition;
    let largest = 0;
    for (let row = 0; row < this.size; row++) {
      largest = Math.max(largest, Math.abs(this.#table[row * stride + reward]!));
    }
    return largest;
  }

  /** Yields copies of the stored transitions without padding: blocks of (rows, transition.size), in row order. */
  *transitions(): Generator<Float32Array> {
    const { size: width, stride } = this.#transition;
    for (let first = 0; first < this.size; first += ROWS_PER_BLOCK) {
      const rows = Math.min(ROWS_PER_BLOCK, this.size - first);
      const packed = new Float32Array(rows * width);
      for (let row = 0; row < rows; row++) {
        const start = (first + row) * stride;
        packed.set(this.#table.subarray(start, start + width), row * width);
      }
      yield packed;
    }
  }

  /** Priorities of the stored transitions; empty in uniform replay. */
  priorities(): Float64Array {
    const count = this.#priorities === null ? 0 : this.size;
    return Float64Array.from({ length: count }, (_, row) => this.#tree.get(row));
  }

  /** Restores a buffer from its `transitions`, `priorities` and `nextRow`. */
  restore(transitions: Float32Array, priorities: Float64Array, nextRow: number): void {
    const { reward, size: width, stride } = this.#transition;
    this.size = transitions.length / width;
    this.nextRow = nextRow;
    for (let row = 0; row < this.size; row++) {
      const packed = transitions.subarray(row * width, (row + 1) * width);
      this.#table.set(packed, row * stride);
      if (!(Math.abs(packed[reward]!) < Infinity)) this.overflowed = true;
    }
    this.#tree.clear();
    for (let row = 0; row < priorities.length; row++) this.#tree.set(row, priorities, row);
  }
}

import type { LegalActions } from "../environments/legalActions.ts";
import { regionView } from "../network/arena.ts";
import { wholePower } from "../numerics/elementary.ts";
import type { TrainingPlan } from "./memoryPlan.ts";
import type { ReplayBuffer } from "./replay.ts";

/**
 * Combines steps into n-step transitions (Watkins 1989; Sutton & Barto, chapter 7). Their reward is
 * r1 + gamma r2 + ... + gamma^(n-1) rn, and their discount of the state n steps later is gamma^n. At the end of an episode, the
 * remaining steps become shorter transitions.
 */
export class NStepReturns {
  readonly #n: number;
  /** A private field, because V8 boxes the number of a public one at every read. */
  #gamma = Number.NaN;
  /** Ring buffer of n rows of float64: observation (or its row in the `StateRing`), action, reward. */
  readonly #ring: Float64Array;
  /** Number of the pending steps, and the row of the first of them in the ring. */
  readonly #counts: Uint32Array;
  readonly #stride: number;
  readonly #observation: Float64Array;
  readonly #replay: ReplayBuffer;

  constructor(
    buffer: ArrayBuffer,
    { state, transition }: TrainingPlan,
    replay: ReplayBuffer,
    nSteps: number,
    index = 0,
  ) {
    this.#n = nSteps;
    const width = transition.nextObservation;
    this.#stride = width + 2;
    const size = nSteps * this.#stride;
    this.#ring = regionView(buffer, state.pending).subarray(index * size, (index + 1) * size);
    this.#counts = regionView(buffer, state.pendingCounts).subarray(2 * index, 2 * index + 2);
    this.#observation = new Float64Array(width);
    this.#replay = replay;
  }

  /** Sets the discount factor of the transitions that are stored from now on. */
  set gamma(gamma: number) {
    this.#gamma = gamma;
  }

  /** Steps with an incomplete return, at most n - 1. */
  get pending(): number {
    return this.#counts[0]!;
  }

  /** Drops the incomplete returns. */
  clear(): void {
    this.#counts.fill(0);
  }

  /**
   * Adds a step and stores the transitions that it completes.
   * @param terminal whether the next state has no value
   * @param ended whether the episode ended, terminal or not
   * @param nextLegal mask of the next state's legal actions; null if all are legal
   */
  add(
    observation: ArrayLike<number>,
    action: number,
    reward: number,
    nextObservation: ArrayLike<number>,
    terminal: boolean,
    ended: boolean,
    nextLegal: LegalActions | null = null,
  ): void {
    if (this.#n === 1) {
      const discount = terminal ? 0 : this.#gamma;
      this.#replay.store(observation, action, reward, discount, nextObservation, nextLegal);
      return;
    }
    const counts = this.#counts;
    const row = ((counts[1]! + counts[0]!) % this.#n) * this.#stride;
    for (let k = 0; k < observation.length; k++) this.#ring[row + k] = observation[k]!;
    this.#ring[row + this.#stride - 2] = action;
    this.#ring[row + this.#stride - 1] = reward;
    counts[0]!++;
    if (counts[0] === this.#n || ended) this.#storeFirst(nextObservation, nextLegal, terminal);
    while (ended && counts[0]! > 0) this.#storeFirst(nextObservation, nextLegal, terminal);
  }

  /** Stores the transition from the first pending step to `nextObservation`, with all pending rewards. */
  #storeFirst(
    nextObservation: ArrayLike<number>,
    nextLegal: LegalActions | null,
    terminal: boolean,
  ): void {
    const stride = this.#stride;
    const pending = this.#counts[0]!;
    const first = this.#counts[1]!;
    let sum = 0;
    for (let k = pending - 1; k >= 0; k--) {
      const row = ((first + k) % this.#n) * stride;
      sum = this.#ring[row + stride - 1]! + this.#gamma * sum;
    }
    const start = first * stride;
    for (let k = 0; k < stride - 2; k++) this.#observation[k] = this.#ring[start + k]!;
    const action = this.#ring[start + stride - 2]!;
    const discount = terminal ? 0 : wholePower(this.#gamma, pending);
    this.#replay.store(this.#observation, action, sum, discount, nextObservation, nextLegal);
    this.#counts[0] = pending - 1;
    this.#counts[1] = (first + 1) % this.#n;
  }
}

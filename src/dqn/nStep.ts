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
  /** Steps with an incomplete return, at most n - 1. */
  pending = 0;
  /** Row of the first pending step in the ring. */
  first = 0;
  readonly #n: number;
  readonly #gamma: number;
  /** Ring buffer of n rows of float64: observation, action, reward. */
  readonly #ring: Float64Array;
  readonly #stride: number;
  readonly #observation: Float64Array;
  readonly #replay: ReplayBuffer;

  constructor(
    buffer: ArrayBuffer,
    { shape, state }: TrainingPlan,
    replay: ReplayBuffer,
    nSteps: number,
    gamma: number,
  ) {
    this.#n = nSteps;
    this.#gamma = gamma;
    this.#stride = shape.observationSize + 2;
    this.#ring = regionView(buffer, state.pending);
    this.#observation = new Float64Array(shape.observationSize);
    this.#replay = replay;
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
    const row = ((this.first + this.pending) % this.#n) * this.#stride;
    for (let k = 0; k < observation.length; k++) this.#ring[row + k] = observation[k]!;
    this.#ring[row + this.#stride - 2] = action;
    this.#ring[row + this.#stride - 1] = reward;
    this.pending++;
    if (this.pending === this.#n || ended) this.#storeFirst(nextObservation, nextLegal, terminal);
    while (ended && this.pending > 0) this.#storeFirst(nextObservation, nextLegal, terminal);
  }

  /** Stores the transition from the first pending step to `nextObservation`, with all pending rewards. */
  #storeFirst(
    nextObservation: ArrayLike<number>,
    nextLegal: LegalActions | null,
    terminal: boolean,
  ): void {
    const stride = this.#stride;
    let sum = 0;
    for (let k = this.pending - 1; k >= 0; k--) {
      const row = ((this.first + k) % this.#n) * stride;
      sum = this.#ring[row + stride - 1]! + this.#gamma * sum;
    }
    const start = this.first * stride;
    for (let k = 0; k < stride - 2; k++) this.#observation[k] = this.#ring[start + k]!;
    const action = this.#ring[start + stride - 2]!;
    const discount = terminal ? 0 : wholePower(this.#gamma, this.pending);
    this.#replay.store(this.#observation, action, sum, discount, nextObservation, nextLegal);
    this.first = (this.first + 1) % this.#n;
    this.pending--;
  }
}

import { wholePower } from "../numerics/elementary.ts";
import type { TrainingPlan } from "./memoryPlan.ts";
import type { ReplayBuffer } from "./replay.ts";

/**
 * Turns steps into n-step transitions: r1 + gamma r2 + ... + gamma^(n-1) rn, then the value of the state n steps later times
 * gamma^n (Watkins 1989; Sutton & Barto, chapter 7). At an episode's end the steps that are left become shorter ones.
 */
export class NStepReturns {
  /** Steps that wait for their return, and where in the ring the first of them is. */
  waiting = 0;
  first = 0;
  readonly #n: number;
  readonly #gamma: number;
  readonly #stride: number;
  readonly #steps: Float64Array;
  readonly #observation: Float64Array;
  readonly #replay: ReplayBuffer;

  constructor(
    buffer: ArrayBuffer,
    plan: TrainingPlan,
    replay: ReplayBuffer,
    nSteps: number,
    gamma: number,
  ) {
    this.#n = nSteps;
    this.#gamma = gamma;
    this.#stride = plan.shape.observationSize + 2;
    this.#steps = new Float64Array(buffer, plan.pending.offset, plan.pending.length);
    this.#observation = new Float64Array(plan.shape.observationSize);
    this.#replay = replay;
  }

  /**
   * Takes a step in and stores the transitions it completes.
   * @param final nothing follows: the value of the next state does not count
   * @param ended the episode is over, final or not
   */
  add(
    observation: ArrayLike<number>,
    action: number,
    reward: number,
    nextObservation: ArrayLike<number>,
    final: boolean,
    ended: boolean,
  ): void {
    if (this.#n === 1) {
      this.#replay.store(observation, action, reward, final ? 0 : this.#gamma, nextObservation);
      return;
    }
    const at = ((this.first + this.waiting) % this.#n) * this.#stride;
    for (let k = 0; k < observation.length; k++) this.#steps[at + k] = observation[k]!;
    this.#steps[at + this.#stride - 2] = action;
    this.#steps[at + this.#stride - 1] = reward;
    this.waiting++;
    if (this.waiting === this.#n || ended) this.#storeFirst(nextObservation, final);
    while (ended && this.waiting > 0) this.#storeFirst(nextObservation, final);
  }

  /** Stores the transition from the first waiting step to `nextObservation`, over all that wait. */
  #storeFirst(nextObservation: ArrayLike<number>, final: boolean): void {
    const stride = this.#stride;
    let sum = 0;
    for (let k = this.waiting - 1; k >= 0; k--) {
      const at = ((this.first + k) % this.#n) * stride;
      sum = this.#steps[at + stride - 1]! + this.#gamma * sum;
    }
    const start = this.first * stride;
    for (let k = 0; k < stride - 2; k++) this.#observation[k] = this.#steps[start + k]!;
    const action = this.#steps[start + stride - 2]!;
    const discount = final ? 0 : wholePower(this.#gamma, this.waiting);
    this.#replay.store(this.#observation, action, sum, discount, nextObservation);
    this.first = (this.first + 1) % this.#n;
    this.waiting--;
  }
}

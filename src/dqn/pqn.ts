import type { Core } from "../kernels/core.ts";
import { regionView } from "../network/arena.ts";
import type { Actor } from "./actor.ts";
import { Learner, type LearnerOptions } from "./learner.ts";
import type { TrainingPlan } from "./memoryPlan.ts";
import { Rollout } from "./rollout.ts";

/** Hyperparameters of PQN. The names are CleanRL's. */
export interface PqnOptions extends LearnerOptions {
  readonly numEnvs: number;
  readonly numSteps: number;
  readonly numMinibatches: number;
  readonly updateEpochs: number;
  readonly qLambda: number;
}

/**
 * Parallelised Q-network (Gallici et al. 2024): Q-learning without replay buffer and target network. All copies of the environment take
 * `numSteps` steps. Their Q(lambda) targets use the Q-values of these steps. Then the network learns from all of the steps `updateEpochs`
 * times, each time in another order and in `numMinibatches` parts. The next rollout overwrites this one.
 */
export class Pqn extends Learner {
  readonly #options: PqnOptions;
  readonly #rollout: Rollout;
  #gamma = Number.NaN;
  /** One number: stored steps of the current rollout. */
  readonly #count: Uint32Array;
  readonly #values: Float32Array;

  constructor(core: Core, plan: TrainingPlan, options: PqnOptions, seed: number) {
    super(core, plan, options, seed);
    this.#options = options;
    this.#rollout = new Rollout(core.buffer, plan);
    this.#count = regionView(core.buffer, plan.state.rolloutCount);
    this.#values = regionView(core.buffer, plan.state.greedyValues);
  }

  /**
   * Stores a step in the next row of the rollout. The Q-values are those with which the actors chose their actions. After a time limit, the
   * value of the next state is added to the reward, because the row after it belongs to another episode.
   */
  override store(
    actor: Actor,
    action: number,
    reward: number,
    nextObservation: ArrayLike<number>,
    terminal: boolean,
    ended: boolean,
  ): void {
    const rollout = this.#rollout;
    const row = this.#count[0]! % rollout.size;
    this.#count[0] = row + 1;
    const discount = terminal ? 0 : this.#gamma;
    const value = this.#values[actor.index]!;
    rollout.store(row, actor.observation, action, reward, discount, value);
    if (ended && !terminal) rollout.cutOff(row, this.#valueOf(actor, nextObservation));
    if (!(Math.abs(Math.fround(reward)) < Infinity)) this.replay.overflowed = true;
  }

  override abandonEpisode(actor: Actor): void {
    const { numEnvs } = this.#options;
    const rounds = Math.ceil((this.#count[0]! - actor.index) / numEnvs);
    if (rounds <= 0) return;
    const row = (rounds - 1) * numEnvs + actor.index;
    this.#rollout.cutOff(row, this.#valueOf(actor, actor.observation));
  }

  /** Maximum Q-value of an observation whose legal actions are the actor's. */
  #valueOf({ legal }: Actor, observation: ArrayLike<number>): number {
    const { policy } = this;
    policy.observation.set(observation);
    return policy.qValues[policy.greedyAction(legal)]!;
  }

  override discountBy(gamma: number): void {
    this.#gamma = gamma;
  }

  /** Makes one of the updates after a full rollout. The first one computes the targets, and the first of an epoch shuffles the steps. */
  override learn(): void {
    const { numMinibatches, updateEpochs } = this.#options;
    const rollout = this.#rollout;
    const number = this.updates % (updateEpochs * numMinibatches);
    const part = number % numMinibatches;
    const size = rollout.size / numMinibatches;
    if (number === 0) this.#computeTargets();
    if (part === 0) rollout.shuffle(this.sampling);
    rollout.choose(part * size, size);
    this.runUpdate(size);
    this.updates++;
  }

  #computeTargets(): void {
    const { numEnvs, numSteps, qLambda } = this.#options;
    const { greedyValues, rolloutSteps } = this.plan.state;
    // biome-ignore format: outputs, inputs, shape, scalars
    this.core.kernels.qLambdaTargets(
      rolloutSteps.offset,
      greedyValues.offset,
      numSteps, numEnvs,
      qLambda,
    );
  }

  /** Does nothing: there is no target network. */
  override updateTarget(): void {}

  override copyToTarget(): void {}

  override largestReward(): number {
    return this.#rollout.largestReward();
  }
}

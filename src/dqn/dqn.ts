import type { Core } from "../kernels/core.ts";
import { regionView } from "../network/arena.ts";
import type { Actor } from "./actor.ts";
import { Learner, type LearnerOptions } from "./learner.ts";
import type { TrainingPlan } from "./memoryPlan.ts";

/** Hyperparameters of DQN. The names are Stable-Baselines3's if it has the same option. */
export interface DqnOptions extends LearnerOptions {
  readonly batchSize: number;
  readonly nSteps: number;
  readonly priorityBeta: number;
  /** Updates over which beta rises to 1. */
  readonly priorityBetaSteps: number;
  readonly tau: number;
}

/** Deep Q-learning agent (Mnih et al. 2015): Q-network, target network, optimizer and replay buffer in one memory. */
export class Dqn extends Learner {
  readonly #options: DqnOptions;
  readonly #floats: Float32Array;
  readonly #indices: Uint32Array;
  readonly #singleIndex: Uint32Array;

  constructor(core: Core, plan: TrainingPlan, options: DqnOptions, seed: number) {
    super(core, plan, options, seed);
    const { indices, singleIndex } = plan.scratch;
    this.#options = options;
    this.#floats = new Float32Array(core.buffer);
    this.#indices = regionView(core.buffer, indices);
    this.#singleIndex = regionView(core.buffer, singleIndex);
    this.#singleIndex.fill(this.replay.capacity);
    this.copyToTarget();
  }

  override store(
    actor: Actor,
    action: number,
    reward: number,
    nextObservation: ArrayLike<number>,
    terminal: boolean,
    ended: boolean,
  ): void {
    const { legal, nStep, observation } = actor;
    nStep.add(observation, action, reward, nextObservation, terminal, ended, legal);
  }

  override abandonEpisode(actor: Actor): void {
    actor.nStep.clear();
  }

  override discountBy(gamma: number, actors: readonly Actor[]): void {
    for (const { nStep } of actors) nStep.gamma = gamma;
  }

  /** Samples batchSize transitions, or as many as are stored, and learns from them. */
  override learn(): void {
    const { batchSize, priorityBeta, priorityBetaSteps, updatePerTransition } = this.#options;
    const samples = Math.min(batchSize, this.replay.available);
    const fraction = Math.min(1, this.updates / priorityBetaSteps);
    this.replay.beta = priorityBeta + (1 - priorityBeta) * fraction;
    this.replay.sample(samples);
    if (updatePerTransition) this.#learnOneByOne(samples);
    else this.runUpdate(samples);
    this.replay.updatePriorities(samples);
    this.updates++;
  }

  /** Makes one update per sampled transition, in the first column of a batch. The other columns are padding. */
  #learnOneByOne(samples: number): void {
    for (let k = 0; k < samples; k++) {
      this.#singleIndex[0] = this.#indices[k]!;
      this.runUpdate(1);
    }
  }

  /**
   * Moves the target network's trainable parameters towards the Q-network's by the fraction tau (Lillicrap et al. 2016). With tau 1,
   * copies all parameters, including the running statistics.
   */
  override updateTarget(): void {
    const { parameters, state } = this.plan;
    const { tau } = this.#options;
    if (tau === 1) this.copyToTarget();
    else {
      const { online, target } = state;
      this.core.kernels.softUpdate(target.offset, online.offset, parameters.trainable, tau);
    }
  }

  override copyToTarget(): void {
    const { online, target } = this.plan.state;
    const start = online.offset / 4;
    this.#floats.copyWithin(target.offset / 4, start, start + online.length);
  }

  override largestReward(): number {
    return this.replay.largestReward();
  }
}

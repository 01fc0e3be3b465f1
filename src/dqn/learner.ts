import { drawAction, type LegalActions } from "../environments/legalActions.ts";
import type { Core } from "../kernels/core.ts";
import { Program, type Slots } from "../kernels/program.ts";
import { ActingNetwork } from "../network/actingNetwork.ts";
import { type Region, regionView } from "../network/arena.ts";
import { RandomStream, streamSeed, streams } from "../numerics/random.ts";
import type { Actor } from "./actor.ts";
import type { TrainingPlan } from "./memoryPlan.ts";
import { Optimizer } from "./optimizer.ts";
import { type PriorityOptions, ReplayBuffer } from "./replay.ts";
import type { UpdateOptions } from "./update.ts";

/** Hyperparameters of both algorithms. The names are Stable-Baselines3's if it has the same option. */
export interface LearnerOptions extends UpdateOptions, PriorityOptions {
  readonly gamma: number;
  readonly prioritized: boolean;
  /** The action of every exploring step; null for a uniformly random one. */
  readonly explorationAction: number | null;
}

/** An agent in the training memory: the Q-network, epsilon-greedy actions and the optimizer. The algorithm stores steps and learns from them. */
export abstract class Learner {
  /** Empty in PQN. */
  readonly replay: ReplayBuffer;
  readonly policy: ActingNetwork;
  readonly optimizer: Optimizer;
  readonly exploration: RandomStream;
  /** Probability that `act` explores. A field, because V8 may box a float64 argument at every step. */
  epsilon = 1;
  /** Updates so far. */
  updates = 0;
  /** Loss of the last update. */
  loss = 0;
  /** Sum and number of the losses since the last call to `takeMeanLoss`. */
  lossSum = 0;
  lossCount = 0;
  /** Value of `meanQ` before the first update: NaN, or the value in the checkpoint. */
  savedMeanQ = Number.NaN;
  protected readonly core: Core;
  protected readonly plan: TrainingPlan;
  /** Random stream of sampling from the replay buffer, or of shuffling rollouts. */
  protected readonly sampling: RandomStream;
  /** Transitions of the last batch. */
  #samples = 0;
  readonly #explorationAction: number | null;
  readonly #program: Program;
  readonly #sampleSlots: Slots;
  readonly #loss: Float32Array;
  readonly #floats: Float32Array;

  constructor(core: Core, plan: TrainingPlan, options: LearnerOptions, seed: number) {
    const { buffer } = core;
    const { scratch, state } = plan;
    const stream = (region: Region<"u32">, number: number) =>
      new RandomStream(regionView(buffer, region)).seed(streamSeed(seed, number));
    this.core = core;
    this.plan = plan;
    this.#explorationAction = options.explorationAction;
    this.#program = new Program(core, plan.program.offset, plan.update);
    this.#sampleSlots = this.#program.slots("samples");
    this.#loss = regionView(buffer, scratch.loss);
    this.#floats = new Float32Array(buffer);
    this.exploration = stream(state.explorationStream, streams.exploration);
    this.optimizer = new Optimizer(this.#program, options);
    this.policy = new ActingNetwork(core, scratch.acting);
    this.sampling = stream(state.replayStream, streams.replay);
    const priorities = options.prioritized ? options : null;
    this.replay = new ReplayBuffer(buffer, plan, this.sampling, priorities);
    this.#initialize(new RandomStream(new Uint32Array(4)).seed(streamSeed(seed, streams.weights)));
  }

  #initialize(random: RandomStream): void {
    const { parameters, state } = this.plan;
    for (const { initial, length, offset } of parameters.tensors) {
      const values = new Float32Array(this.core.buffer, state.online.offset + offset, length);
      for (let k = 0; k < length; k++) {
        values[k] = "bound" in initial ? (2 * random.next() - 1) * initial.bound : initial.value;
      }
    }
  }

  /**
   * Returns an epsilon-greedy action for `policy.observation`.
   * @param legal mask of the legal actions; null if all are legal
   * @param greedy the greedy action; -1 to compute it if it is needed
   */
  act(legal: LegalActions | null = null, greedy = -1): number {
    if (this.exploration.next() >= this.epsilon) {
      return greedy < 0 ? this.policy.greedyAction(legal) : greedy;
    }
    const action = this.#explorationAction;
    if (action !== null && (legal === null || legal[action])) return action;
    return drawAction(this.exploration, this.plan.shape.actionCount, legal);
  }

  /**
   * Stores a step from `actor.observation`. `actor.legal` is the mask of the next state.
   * @param terminal whether the next state has no value
   * @param ended whether the episode ended, terminal or not
   */
  abstract store(
    actor: Actor,
    action: number,
    reward: number,
    nextObservation: ArrayLike<number>,
    terminal: boolean,
    ended: boolean,
  ): void;

  /** Drops or cuts off the actor's stored steps whose next states will never come. */
  abstract abandonEpisode(actor: Actor): void;

  /** Sets the discount factor of the steps that `actors` take from now on; negative if they are moves of two players in turn. */
  abstract discountBy(gamma: number, actors: readonly Actor[]): void;

  /** Makes one of the due updates. */
  abstract learn(): void;

  /** Moves the target network, if there is one. */
  abstract updateTarget(): void;

  /** Copies the Q-network to the target network, if there is one. Call it after a change of the weights. */
  abstract copyToTarget(): void;

  /** Maximum absolute reward of the stored steps; 0 without any. */
  abstract largestReward(): number;

  /** Makes one update from the batch of `samples` transitions, see `recordUpdate`. */
  protected runUpdate(samples: number): void {
    for (const slot of this.#sampleSlots) slot[0] = samples;
    this.optimizer.prepareStep();
    this.#program.run();
    this.loss = this.#loss[0]!;
    this.lossSum += this.loss;
    this.lossCount++;
    this.#samples = samples;
  }

  /** Returns the mean loss of the updates since the last call; NaN without updates. */
  takeMeanLoss(): number {
    const mean = this.lossSum / this.lossCount;
    this.lossSum = 0;
    this.lossCount = 0;
    return mean;
  }

  /** Mean over the last batch of the maximum Q-value of each state; NaN before the first update of a run. */
  meanQ(): number {
    if (this.#samples === 0) return this.savedMeanQ;
    const { batch, scratch, shape } = this.plan;
    const start = scratch.q.offset / 4;
    let sum = 0;
    for (let column = 0; column < this.#samples; column++) {
      let best = -Infinity;
      for (let action = 0; action < shape.actionCount; action++) {
        best = Math.max(best, this.#floats[start + action * batch + column]!);
      }
      sum += best;
    }
    return sum / this.#samples;
  }
}

import { drawAction, type LegalActions } from "../environments/legalActions.ts";
import type { Core } from "../kernels/core.ts";
import { Program, type Slots } from "../kernels/program.ts";
import { ActingNetwork } from "../network/actingNetwork.ts";
import { type Region, regionView } from "../network/arena.ts";
import { RandomStream, streamSeed, streams } from "../numerics/random.ts";
import type { TrainingPlan } from "./memoryPlan.ts";
import { Optimizer } from "./optimizer.ts";
import { type PriorityOptions, ReplayBuffer } from "./replay.ts";
import type { UpdateOptions } from "./update.ts";

/** Hyperparameters of the agent. The names are Stable-Baselines3's if it has the same option. */
export interface DqnOptions extends UpdateOptions, PriorityOptions {
  readonly gamma: number;
  readonly batchSize: number;
  readonly nSteps: number;
  readonly prioritized: boolean;
  readonly priorityBeta: number;
  /** Updates over which beta rises to 1. */
  readonly priorityBetaSteps: number;
  readonly tau: number;
  /** The action of every exploring step; null for a uniformly random one. */
  readonly explorationAction: number | null;
}

/** Deep Q-learning agent (Mnih et al. 2015): Q-network, target network, optimizer and replay buffer in one memory. */
export class Dqn {
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
  /** Transitions of the last batch. */
  #samples = 0;
  readonly #core: Core;
  readonly #plan: TrainingPlan;
  readonly #options: DqnOptions;
  readonly #program: Program;
  readonly #sampleSlots: Slots;
  readonly #loss: Float32Array;
  readonly #floats: Float32Array;
  readonly #indices: Uint32Array;
  readonly #singleIndex: Uint32Array;

  constructor(core: Core, plan: TrainingPlan, options: DqnOptions, seed: number) {
    const { buffer } = core;
    const { scratch, state } = plan;
    const { indices, singleIndex } = scratch;
    const stream = (region: Region<"u32">, number: number) =>
      new RandomStream(regionView(buffer, region)).seed(streamSeed(seed, number));
    this.#core = core;
    this.#plan = plan;
    this.#options = options;
    this.#program = new Program(core, plan.program.offset, plan.update);
    this.#sampleSlots = this.#program.slots("samples");
    this.#loss = regionView(buffer, scratch.loss);
    this.#floats = new Float32Array(buffer);
    this.#indices = regionView(buffer, indices);
    this.#singleIndex = regionView(buffer, singleIndex);
    this.exploration = stream(state.explorationStream, streams.exploration);
    this.optimizer = new Optimizer(this.#program, options);
    this.policy = new ActingNetwork(core, scratch.acting);
    const replayRandom = stream(state.replayStream, streams.replay);
    const priorities = options.prioritized ? options : null;
    this.replay = new ReplayBuffer(buffer, plan, replayRandom, priorities);
    this.#singleIndex.fill(this.replay.capacity);
    this.#initialize(new RandomStream(new Uint32Array(4)).seed(streamSeed(seed, streams.weights)));
  }

  #initialize(random: RandomStream): void {
    const { parameters, state } = this.#plan;
    for (const { initial, length, offset } of parameters.tensors) {
      const values = new Float32Array(this.#core.buffer, state.online.offset + offset, length);
      for (let k = 0; k < length; k++) {
        values[k] = "bound" in initial ? (2 * random.next() - 1) * initial.bound : initial.value;
      }
    }
    this.copyToTarget();
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
    const { explorationAction } = this.#options;
    if (explorationAction !== null && (legal === null || legal[explorationAction])) {
      return explorationAction;
    }
    return drawAction(this.exploration, this.#plan.shape.actionCount, legal);
  }

  /** Samples batchSize transitions, or as many as are stored, and learns from them. */
  learn(): void {
    const { batchSize, priorityBeta, priorityBetaSteps, updatePerTransition } = this.#options;
    const samples = Math.min(batchSize, this.replay.available);
    const fraction = Math.min(1, this.updates / priorityBetaSteps);
    this.replay.sample(samples, priorityBeta + (1 - priorityBeta) * fraction);
    if (updatePerTransition) this.#learnOneByOne(samples);
    else this.#update(samples);
    this.replay.updatePriorities(samples);
    this.updates++;
  }

  /** Makes one update per sampled transition, in the first column of a batch. The other columns are padding. */
  #learnOneByOne(samples: number): void {
    for (let k = 0; k < samples; k++) {
      this.#singleIndex[0] = this.#indices[k]!;
      this.#update(1);
    }
  }

  /** Makes one update from the sampled transitions, see `recordUpdate`. */
  #update(samples: number): void {
    for (const slot of this.#sampleSlots) slot[0] = samples;
    this.optimizer.prepareStep();
    this.#program.run();
    this.loss = this.#loss[0]!;
    this.lossSum += this.loss;
    this.lossCount++;
    this.#samples = samples;
  }

  /**
   * Moves the target network's trainable parameters towards the Q-network's by the fraction tau (Lillicrap et al. 2016). With tau 1,
   * copies all parameters, including the running statistics.
   */
  updateTarget(): void {
    const { parameters, state } = this.#plan;
    const { tau } = this.#options;
    if (tau === 1) this.copyToTarget();
    else {
      const { online, target } = state;
      this.#core.kernels.softUpdate(target.offset, online.offset, parameters.trainable, tau);
    }
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
    const { batch, scratch, shape } = this.#plan;
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

  /** Copies the Q-network to the target network. */
  copyToTarget(): void {
    const { online, target } = this.#plan.state;
    const start = online.offset / 4;
    this.#floats.copyWithin(target.offset / 4, start, start + online.length);
  }
}

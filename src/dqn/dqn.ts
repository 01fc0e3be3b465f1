import { drawAction, type LegalActions } from "../environments/legalActions.ts";
import type { Core } from "../kernels/core.ts";
import { ActingNetwork } from "../network/actingNetwork.ts";
import { type Region, regionView } from "../network/arena.ts";
import { BatchNetwork } from "../network/batchNetwork.ts";
import { RandomStream, streamSeed, streams } from "../numerics/random.ts";
import type { TrainingPlan } from "./memoryPlan.ts";
import { Optimizer, type OptimizerOptions } from "./optimizer.ts";
import { type PriorityOptions, ReplayBuffer } from "./replay.ts";

/** Hyperparameters of the agent. The names are Stable-Baselines3's if it has the same option. */
export interface DqnOptions extends OptimizerOptions, PriorityOptions {
  readonly loss: "mse" | "huber";
  readonly huberBeta: number;
  readonly gamma: number;
  readonly batchSize: number;
  /** One optimizer step per transition of a batch, instead of one per batch. */
  readonly updatePerTransition: boolean;
  readonly doubleQ: boolean;
  readonly nSteps: number;
  readonly prioritized: boolean;
  readonly priorityBeta: number;
  /** Updates over which beta rises to 1. */
  readonly priorityBetaSteps: number;
  /** `none`: no target network; the Q-network computes its own targets. */
  readonly targetUpdateUnit: "step" | "update" | "episode" | "none";
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
  readonly #network: BatchNetwork;
  /** Parameters for the next states' values: the target network's, or the Q-network's without a target network. */
  readonly #targetPtr: number;
  /** Byte offsets of the gathered batch's features. */
  readonly #observationPtr: number;
  readonly #nextObservationPtr: number;
  readonly #actionPtr: number;
  readonly #rewardPtr: number;
  readonly #discountPtr: number;
  readonly #nextLegalPtr: number;
  readonly #floats: Float32Array;
  readonly #indices: Uint32Array;
  readonly #singleIndex: Uint32Array;

  constructor(core: Core, plan: TrainingPlan, options: DqnOptions, seed: number) {
    const { buffer } = core;
    const { batch, parameters, scratch, shape, state, transition } = plan;
    const { indices, singleIndex, transitions } = scratch;
    const stream = (region: Region<"u32">, number: number) =>
      new RandomStream(regionView(buffer, region)).seed(streamSeed(seed, number));
    const featurePtr = (feature: number) => transitions.offset + 4 * batch * feature;
    this.#core = core;
    this.#plan = plan;
    this.#options = options;
    this.#network = new BatchNetwork(core, plan);
    this.#targetPtr = (options.targetUpdateUnit === "none" ? state.online : state.target).offset;
    this.#observationPtr = featurePtr(transition.observation);
    this.#nextObservationPtr = featurePtr(transition.nextObservation);
    this.#actionPtr = featurePtr(transition.action);
    this.#rewardPtr = featurePtr(transition.reward);
    this.#discountPtr = featurePtr(transition.discount);
    this.#nextLegalPtr = featurePtr(transition.nextLegal);
    this.#floats = new Float32Array(buffer);
    this.#indices = regionView(buffer, indices);
    this.#singleIndex = regionView(buffer, singleIndex);
    this.exploration = stream(state.explorationStream, streams.exploration);
    this.optimizer = new Optimizer(core, plan, options);
    this.policy = new ActingNetwork(core, shape, parameters, state.online, scratch.acting);
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
    const { indices } = this.#plan.scratch;
    const samples = Math.min(batchSize, this.replay.size);
    const fraction = Math.min(1, this.updates / priorityBetaSteps);
    this.replay.sample(samples, priorityBeta + (1 - priorityBeta) * fraction);
    if (updatePerTransition) this.#learnOneByOne(samples);
    else this.#update(indices.offset, samples);
    this.replay.updatePriorities(samples);
    this.updates++;
  }

  /** Makes one update per sampled transition, in the first column of a batch. The other columns are padding. */
  #learnOneByOne(samples: number): void {
    for (let k = 0; k < samples; k++) {
      this.#singleIndex[0] = this.#indices[k]!;
      this.#update(this.#plan.scratch.singleIndex.offset, 1);
    }
  }

  /** Makes one update from the rows at indicesPtr: gather, targets, forward, loss, backward, optimizer. */
  #update(indicesPtr: number, samples: number): void {
    const { batch, replay, scratch, state, transition } = this.#plan;
    const { size, stride } = transition;
    const network = this.#network;
    const inputPtr = this.#observationPtr;
    const parametersPtr = state.online.offset;
    this.#core.kernels.gatherRows(inputPtr, replay.table.offset, indicesPtr, size, stride, batch);
    this.#computeTargets(samples);
    network.forward(scratch.q.offset, parametersPtr, inputPtr, samples, "training");
    this.loss = this.#computeLossGradient(samples);
    this.lossSum += this.loss;
    this.lossCount++;
    this.#samples = samples;
    network.backward(parametersPtr, inputPtr, samples);
    this.optimizer.step();
  }

  /** Writes the TD targets of the gathered batch. Batch normalisation uses the running statistics. */
  #computeTargets(samples: number): void {
    const { kernels } = this.#core;
    const { batch, scratch, shape, state } = this.#plan;
    const { nextQ, onlineNextQ, targets } = scratch;
    const { actionCount } = shape;
    const network = this.#network;
    const inputPtr = this.#nextObservationPtr;
    network.forward(nextQ.offset, this.#targetPtr, inputPtr, samples, "evaluation");
    if (this.#options.doubleQ) {
      network.forward(onlineNextQ.offset, state.online.offset, inputPtr, samples, "evaluation");
      this.#maskIllegal(onlineNextQ);
      // biome-ignore format: output, inputs, shape
      kernels.doubleTarget(
        targets.offset,
        onlineNextQ.offset, nextQ.offset, this.#rewardPtr, this.#discountPtr,
        actionCount, batch,
      );
    } else {
      this.#maskIllegal(nextQ);
      // biome-ignore format: output, inputs, shape
      kernels.tdTarget(
        targets.offset,
        nextQ.offset, this.#rewardPtr, this.#discountPtr,
        actionCount, batch,
      );
    }
  }

  /** Lowers the next states' Q-values of illegal actions, so that no maximum chooses them. */
  #maskIllegal(nextQ: Region): void {
    const { batch, shape, transition } = this.#plan;
    if (transition.nextLegal === transition.size) return;
    this.#core.kernels.maskIllegal(nextQ.offset, this.#nextLegalPtr, shape.actionCount * batch);
  }

  /** Writes the TD errors and the gradient of the loss with respect to the Q-values. Returns the loss. */
  #computeLossGradient(samples: number): number {
    const { kernels } = this.#core;
    const { batch, scratch, shape } = this.#plan;
    const { dQ, errors, q, targets, weights } = scratch;
    const { huberBeta, loss } = this.#options;
    if (loss === "huber") {
      // biome-ignore format: outputs, inputs, shape, scalars
      return kernels.huberGradient(
        dQ.offset, errors.offset,
        q.offset, this.#actionPtr, targets.offset, weights.offset,
        shape.actionCount, batch, samples,
        huberBeta,
      );
    }
    // biome-ignore format: outputs, inputs, shape
    return kernels.mseGradient(
      dQ.offset, errors.offset,
      q.offset, this.#actionPtr, targets.offset, weights.offset,
      shape.actionCount, batch, samples,
    );
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

import type { Core } from "../kernels/core.ts";
import { ActingNetwork } from "./actingNetwork.ts";
import { BatchNetwork } from "./batchNetwork.ts";
import type { TrainingPlan } from "./memoryPlan.ts";
import { NStepReturns } from "./nStep.ts";
import { Optimizer, type OptimizerOptions } from "./optimizer.ts";
import { RandomStream, streamSeed, streams } from "./random.ts";
import { type PriorityOptions, ReplayBuffer } from "./replay.ts";

/** The hyperparameters of the learning agent; names are Stable-Baselines3's where it has them. */
export interface DqnOptions extends OptimizerOptions, PriorityOptions {
  readonly loss: "mse" | "huber";
  readonly huberBeta: number;
  readonly gamma: number;
  readonly batchSize: number;
  /** One optimizer step for each transition of a batch, in place of one for the whole. */
  readonly updatePerTransition: boolean;
  readonly doubleQ: boolean;
  readonly nSteps: number;
  readonly prioritized: boolean;
  readonly priorityBeta: number;
  /** Updates over which beta rises to 1. */
  readonly priorityBetaSteps: number;
  /** `none`: there is no target network, the Q-network is its own. */
  readonly targetUpdateUnit: "step" | "update" | "episode" | "none";
  readonly tau: number;
  /** The action explored with; null for a uniformly random one. */
  readonly explorationAction: number | null;
}

/** A deep Q-learning agent (Mnih et al. 2015) in one memory: Q-network, target network, optimizer, replay. */
export class Dqn {
  readonly replay: ReplayBuffer;
  readonly nStep: NStepReturns;
  readonly policy: ActingNetwork;
  readonly optimizer: Optimizer;
  readonly exploration: RandomStream;
  /** The chance that `act` explores, from 0 to 1. A field: as an argument it might become an object at each step. */
  epsilon = 1;
  /** Batches learned from so far. */
  updates = 0;
  /** The loss of the last update. */
  loss = 0;
  /** Sum and number of the losses since the last call of `takeMeanLoss`. */
  lossSum = 0;
  lossCount = 0;
  /** What `meanQ` returns before the first batch: a resumed run's last value. */
  savedMeanQ = Number.NaN;
  /** Transitions of the last batch. */
  #samples = 0;
  readonly #core: Core;
  readonly #plan: TrainingPlan;
  readonly #options: DqnOptions;
  readonly #network: BatchNetwork;
  readonly #targetPtr: number;
  readonly #floats: Float32Array;
  readonly #rows: Uint32Array;
  readonly #singleRow: Uint32Array;

  constructor(core: Core, plan: TrainingPlan, options: DqnOptions, seed: number) {
    const { buffer } = core;
    const { acting, explorationStream, online, parameters, replayStream, rows, shape, singleRow } =
      plan;
    const stream = (offset: number, number: number) =>
      new RandomStream(new Uint32Array(buffer, offset, 4)).seed(streamSeed(seed, number));
    this.#core = core;
    this.#plan = plan;
    this.#options = options;
    this.#network = new BatchNetwork(core, plan);
    this.#targetPtr = options.targetUpdateUnit === "none" ? online.offset : plan.target.offset;
    this.#floats = new Float32Array(buffer);
    this.#rows = new Uint32Array(buffer, rows.offset, rows.length);
    this.#singleRow = new Uint32Array(buffer, singleRow.offset, singleRow.length);
    this.exploration = stream(explorationStream.offset, streams.exploration);
    this.optimizer = new Optimizer(core, plan, options);
    this.policy = new ActingNetwork(core, shape, parameters, online, acting);
    const replayRandom = stream(replayStream.offset, streams.replay);
    this.replay = new ReplayBuffer(
      buffer,
      plan,
      replayRandom,
      options.prioritized ? options : null,
    );
    this.nStep = new NStepReturns(buffer, plan, this.replay, options.nSteps, options.gamma);
    this.#singleRow.fill(this.replay.capacity);
    this.#initialize(new RandomStream(new Uint32Array(4)).seed(streamSeed(seed, streams.weights)));
  }

  #initialize(random: RandomStream): void {
    const { online, parameters } = this.#plan;
    for (const { initial, length, offset } of parameters.tensors) {
      const values = new Float32Array(this.#core.buffer, online.offset + offset, length);
      for (let k = 0; k < length; k++) {
        values[k] = "bound" in initial ? (2 * random.next() - 1) * initial.bound : initial.value;
      }
    }
    this.copyToTarget();
  }

  /** Epsilon-greedy on `policy.observation`: a random action with probability `epsilon`, else the greedy one. */
  act(): number {
    if (this.exploration.next() < this.epsilon) {
      return (
        this.#options.explorationAction ?? this.exploration.nextBelow(this.policy.qValues.length)
      );
    }
    return this.policy.greedyAction();
  }

  /** Learns from a batch drawn from the replay buffer, as large as batchSize and the buffer's content allow. */
  learn(): void {
    const { batchSize, priorityBeta, priorityBetaSteps, updatePerTransition } = this.#options;
    const samples = Math.min(batchSize, this.replay.size);
    const share = Math.min(1, this.updates / priorityBetaSteps);
    this.replay.chooseRows(samples, priorityBeta + (1 - priorityBeta) * share);
    if (updatePerTransition) this.#learnOneByOne(samples);
    else this.#update(this.#plan.rows.offset, samples);
    this.replay.updatePriorities(samples);
    this.updates++;
  }

  /** An update for each chosen row, alone in the first column of a batch that is padding otherwise. */
  #learnOneByOne(samples: number): void {
    for (let k = 0; k < samples; k++) {
      this.#singleRow[0] = this.#rows[k]!;
      this.#update(this.#plan.singleRow.offset, 1);
    }
  }

  /** The update on the transitions of the rows at rowsPtr: gather, TD targets, forward, loss, backward, optimizer. */
  #update(rowsPtr: number, samples: number): void {
    const { kernels } = this.#core;
    const { batch, online, q, replay, transitions, transitionSize, transitionStride } = this.#plan;
    const network = this.#network;
    const observationPtr = transitions.offset;
    kernels.gatherRows(
      observationPtr,
      replay.offset,
      rowsPtr,
      transitionSize,
      transitionStride,
      batch,
    );
    this.#findTargets(samples);
    network.forward(q.offset, online.offset, observationPtr, samples, "training");
    this.loss = this.#lossGradient(samples);
    this.lossSum += this.loss;
    this.lossCount++;
    this.#samples = samples;
    network.backward(online.offset, observationPtr, samples);
    this.optimizer.step();
  }

  /** Writes the TD targets of the gathered batch; both networks look at the next states in evaluation mode. */
  #findTargets(samples: number): void {
    const { kernels } = this.#core;
    const { batch, choosingQ, nextQ, online, shape, targets, transitions } = this.#plan;
    const rowBytes = 4 * batch;
    const nextObservationPtr = transitions.offset + shape.observationSize * rowBytes;
    const rewardPtr = nextObservationPtr + (shape.observationSize + 1) * rowBytes;
    const discountPtr = rewardPtr + rowBytes;
    const targetPtr = this.#targetPtr;
    this.#network.forward(nextQ.offset, targetPtr, nextObservationPtr, samples, "evaluation");
    if (this.#options.doubleQ) {
      const onlinePtr = online.offset;
      this.#network.forward(choosingQ.offset, onlinePtr, nextObservationPtr, samples, "evaluation");
      kernels.doubleTarget(
        targets.offset,
        choosingQ.offset,
        nextQ.offset,
        rewardPtr,
        discountPtr,
        shape.actionCount,
        batch,
      );
    } else {
      const actions = shape.actionCount;
      kernels.tdTarget(targets.offset, nextQ.offset, rewardPtr, discountPtr, actions, batch);
    }
  }

  /** Writes the TD errors and the loss's gradient with respect to the Q-values, and returns the loss. */
  #lossGradient(samples: number): number {
    const { kernels } = this.#core;
    const { batch, dQ, errors, q, shape, targets, transitions, weights } = this.#plan;
    const { huberBeta, loss } = this.#options;
    const actionPtr = transitions.offset + 8 * shape.observationSize * batch;
    if (loss === "huber") {
      return kernels.huberGradient(
        dQ.offset,
        errors.offset,
        q.offset,
        actionPtr,
        targets.offset,
        weights.offset,
        shape.actionCount,
        batch,
        samples,
        huberBeta,
      );
    }
    return kernels.mseGradient(
      dQ.offset,
      errors.offset,
      q.offset,
      actionPtr,
      targets.offset,
      weights.offset,
      shape.actionCount,
      batch,
      samples,
    );
  }

  /**
   * Moves the target network to the Q-network: all the way when tau is 1, running statistics included, else the learned
   * parameters by the share tau (Lillicrap et al. 2016).
   */
  updateTarget(): void {
    const { online, parameters, target } = this.#plan;
    const { tau } = this.#options;
    if (tau === 1) this.copyToTarget();
    else this.#core.kernels.softUpdate(target.offset, online.offset, parameters.learned, tau);
  }

  /** The mean loss of the updates since the last call; NaN where there were none. */
  takeMeanLoss(): number {
    const mean = this.lossSum / this.lossCount;
    this.lossSum = 0;
    this.lossCount = 0;
    return mean;
  }

  /** The mean of the greedy actions' values in the states of the last batch; NaN before the first. */
  meanQ(): number {
    if (this.#samples === 0) return this.savedMeanQ;
    const { batch, q, shape } = this.#plan;
    const start = q.offset / 4;
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

  copyToTarget(): void {
    const { online, target } = this.#plan;
    const start = online.offset / 4;
    this.#floats.copyWithin(target.offset / 4, start, start + online.length);
  }
}

import type { Core } from "../kernels/core.ts";
import type { TrainingPlan } from "./memoryPlan.ts";
import { ActingNetwork, BatchNetwork, initializeParameters } from "./network.ts";
import type { Activation } from "./networkShape.ts";
import { RandomStream, streamSeed, streams } from "./random.ts";
import { ReplayBuffer } from "./replay.ts";

/** The hyperparameters of the learning agent; names are Stable-Baselines3's. */
export interface DqnOptions {
  readonly activation: Activation;
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly adamEpsilon: number;
  readonly loss: "mse" | "huber";
  readonly huberBeta: number;
  readonly batchSize: number;
  readonly tau: number;
}

/** A deep Q-learning agent (Mnih et al. 2015) in one memory: Q-network, target network, optimizer, replay. */
export class Dqn {
  readonly replay: ReplayBuffer;
  readonly policy: ActingNetwork;
  /** Updates done so far. */
  updates = 0;
  readonly #core: Core;
  readonly #plan: TrainingPlan;
  readonly #options: DqnOptions;
  readonly #network: BatchNetwork;
  readonly #exploration: RandomStream;
  readonly #floats: Float32Array;
  /** beta1^t and beta2^t, by repeated multiplication: exact on every engine, unlike a power function. */
  #beta1Power = 1;
  #beta2Power = 1;

  constructor(core: Core, plan: TrainingPlan, options: DqnOptions, seed: number) {
    const { buffer } = core;
    const { parameters, online } = plan;
    const stream = (offset: number, number: number) =>
      new RandomStream(new Uint32Array(buffer, offset, 4)).seed(streamSeed(seed, number));
    this.#core = core;
    this.#plan = plan;
    this.#options = options;
    this.#network = new BatchNetwork(core, plan, options.activation);
    this.#exploration = stream(plan.explorationStream.offset, streams.exploration);
    this.#floats = new Float32Array(buffer);
    this.policy = new ActingNetwork(core, parameters, online, plan.acting, options.activation);
    this.replay = new ReplayBuffer(buffer, plan, stream(plan.replayStream.offset, streams.replay));
    const weights = new RandomStream(new Uint32Array(4)).seed(streamSeed(seed, streams.weights));
    initializeParameters(buffer, parameters, online, weights);
    this.#copyToTarget();
  }

  /** Epsilon-greedy on `policy.observation`: a uniform action with probability epsilon, else the greedy one. */
  act(epsilon: number): number {
    if (this.#exploration.next() < epsilon) {
      return this.#exploration.nextBelow(this.policy.qValues.length);
    }
    return this.policy.greedyAction();
  }

  /** One update on a batch drawn from the replay buffer. Returns the loss. */
  learn(): number {
    const { kernels } = this.#core;
    const { batch, online, replay, rows, target, transitionStride, transitions } = this.#plan;
    const { batchSize } = this.#options;
    this.replay.chooseRows(batchSize);
    kernels.gatherRows(
      transitions.offset,
      replay.offset,
      rows.offset,
      this.#plan.transitionSize,
      transitionStride,
      batch,
    );
    return this.#update(online.offset, target.offset);
  }

  /** The update on the batch that lies in `transitions`: TD targets, forward, loss, backward, Adam. */
  #update(onlinePtr: number, targetPtr: number): number {
    const { kernels } = this.#core;
    const { batch, targets, transitions, transitionSize } = this.#plan;
    const options = this.#options;
    const network = this.#network;
    const actions = this.policy.qValues.length;
    const rowBytes = 4 * batch;
    const observationPtr = transitions.offset;
    const actionPtr = transitions.offset + (transitionSize - 3) * rowBytes;
    const nextObservationPtr = observationPtr + this.policy.observation.length * rowBytes;

    network.forward(targetPtr, nextObservationPtr);
    kernels.tdTarget(
      targets.offset,
      network.qPtr,
      actionPtr + rowBytes,
      actionPtr + 2 * rowBytes,
      actions,
      batch,
    );
    network.forward(onlinePtr, observationPtr);
    const loss =
      options.loss === "mse"
        ? kernels.mseGradient(
            network.dQPtr,
            network.qPtr,
            actionPtr,
            targets.offset,
            actions,
            batch,
            options.batchSize,
          )
        : kernels.huberGradient(
            network.dQPtr,
            network.qPtr,
            actionPtr,
            targets.offset,
            actions,
            batch,
            options.batchSize,
            options.huberBeta,
          );
    network.backward(onlinePtr, observationPtr);
    this.#adam();
    this.updates++;
    return loss;
  }

  #adam(): void {
    const { adamMean, adamVariance, gradient, online } = this.#plan;
    const { adamEpsilon, beta1, beta2, learningRate } = this.#options;
    this.#beta1Power *= beta1;
    this.#beta2Power *= beta2;
    this.#core.kernels.adam(
      online.offset,
      gradient.offset,
      adamMean.offset,
      adamVariance.offset,
      online.length,
      learningRate / (1 - this.#beta1Power),
      beta1,
      beta2,
      adamEpsilon,
      1 / Math.sqrt(1 - this.#beta2Power),
    );
  }

  /** Moves the target network to the Q-network: all the way when tau is 1, else the share tau of it. */
  updateTarget(): void {
    const { online, target } = this.#plan;
    if (this.#options.tau === 1) this.#copyToTarget();
    else {
      this.#core.kernels.softUpdate(target.offset, online.offset, online.length, this.#options.tau);
    }
  }

  #copyToTarget(): void {
    const { online, target } = this.#plan;
    const start = online.offset / 4;
    this.#floats.copyWithin(target.offset / 4, start, start + online.length);
  }
}

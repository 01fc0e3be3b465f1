import { Dqn } from "../agent/dqn.ts";
import { linearEpsilon } from "../agent/exploration.ts";
import { planTraining, type TrainingPlan } from "../agent/memoryPlan.ts";
import { ActingNetwork } from "../agent/network.ts";
import type { NetworkShape } from "../agent/networkShape.ts";
import { streamSeed, streams } from "../agent/random.ts";
import type { Environment } from "../environments/environment.ts";
import { type EnvironmentSpec, environmentSpec } from "../environments/registry.ts";
import { type Core, createCore } from "../kernels/core.ts";
import { tensorsOf } from "../policy/policy.ts";
import type { NamedTensor } from "../policy/safetensors.ts";
import type { Config } from "./config.ts";
import { type Evaluation, evaluate, summarize } from "./evaluation.ts";

/** What is told of a finished training episode. */
export interface EpisodeRecord {
  /** 1 for the first episode. */
  readonly episode: number;
  /** Environment steps of the run so far. */
  readonly steps: number;
  readonly length: number;
  /** Sum of the environment's own rewards. */
  readonly return: number;
  /** 0.99 of the score before plus 0.01 of this episode's, which leaves out the reward of a step that failed. */
  readonly runningScore: number;
  readonly epsilon: number;
}

/** Told what happens, in order; observers never change a run. */
export interface TrainingObserver {
  episode?(record: EpisodeRecord): void;
  /** The evaluation that decides whether the run is solved, and its mean return so far. */
  evaluation?(evaluation: Evaluation, steps: number): void;
}

/** A training run: deep Q-learning with experience replay (Mnih et al. 2015, Algorithm 1). */
export class Training {
  readonly config: Config;
  readonly spec: EnvironmentSpec;
  readonly shape: NetworkShape;
  readonly plan: TrainingPlan;
  readonly core: Core;
  readonly agent: Dqn;
  /** Environment steps taken. */
  steps = 0;
  /** Episodes finished. */
  episodes = 0;
  finished = false;
  /** Whether the run's own criterion was reached; null if it has none. */
  solved: boolean | null;
  /** Returns of the last 100 finished episodes, the latest last. */
  readonly lastReturns: number[] = [];
  readonly #observer: TrainingObserver;
  readonly #environment: Environment;
  readonly #evaluationEnvironment: Environment;
  readonly #evaluationPolicy: ActingNetwork;
  #runningScore = 0;
  #episodeLength = 0;
  #episodeReturn = 0;
  #episodeScore = 0;

  /**
   * @param spec the environment, where it is not the built-in one that `config.env` names
   * @throws UsageError if the environment is unknown or the memory plan does not fit into 4 GiB
   */
  constructor(
    config: Config,
    observer: TrainingObserver = {},
    spec: EnvironmentSpec = environmentSpec(config.env),
  ) {
    const shape = {
      observationSize: spec.observationSize,
      hiddenSizes: config.hiddenSizes,
      activation: config.activation,
      actionCount: spec.actionCount,
    };
    const plan = planTraining({
      shape,
      bufferSize: config.bufferSize,
      batchSize: config.batchSize,
      environmentBytes: spec.bytes,
    });
    const core = createCore(config.backend, plan.bytes);
    this.config = config;
    this.spec = spec;
    this.shape = shape;
    this.plan = plan;
    this.core = core;
    this.agent = new Dqn(core, plan, config, config.seed);
    this.solved = config.solvedBy === "none" ? null : false;
    this.#observer = observer;
    this.#environment = spec.make(core, plan.environment.offset);
    this.#evaluationEnvironment = spec.make(core, plan.evaluationEnvironment.offset);
    this.#evaluationPolicy = new ActingNetwork(
      core,
      plan.parameters,
      plan.online,
      plan.evaluationActing,
      config.activation,
    );
  }

  /** Takes up to `maxSteps` environment steps. Returns whether the run is finished. */
  advance(maxSteps: number): boolean {
    if (this.steps === 0) {
      const seed = streamSeed(this.config.seed, streams.environment);
      this.#observe(this.#environment.reset({ seed }));
    }
    for (let k = 0; k < maxSteps && !this.finished; k++) this.#step();
    return this.finished;
  }

  #step(): void {
    const { agent, config } = this;
    const step = ++this.steps;

    const action = agent.act(this.#epsilonAt(step - 1));
    const { observation, reward, terminated, truncated } = this.#environment.step(action);

    const failed = terminated && !truncated;
    const learnedReward = failed && config.failureReward !== null ? config.failureReward : reward;
    const final = terminated || (truncated && config.timeLimitTerminal);
    const discount = final ? 0 : config.gamma;
    agent.replay.store(agent.policy.observation, action, learnedReward, discount, observation);
    this.#observe(observation);

    const learning = step > config.learningStarts && agent.replay.size >= config.batchSize;
    if (learning && step % config.trainFrequency === 0) {
      for (let update = 0; update < config.gradientSteps; update++) agent.learn();
    }
    if (learning && step % config.targetUpdateInterval === 0) agent.updateTarget();

    this.#episodeLength++;
    this.#episodeReturn += reward;
    if (!failed || config.failureReward === null) this.#episodeScore += reward;
    if (terminated || truncated) this.#endEpisode();
    if (learning && config.solvedBy === "evaluation" && step % config.evalInterval === 0) {
      this.#checkWhetherSolved();
    }
    if (step === config.totalSteps) this.finished = true;
  }

  /** The chance of a random action at the next step. */
  epsilon(): number {
    return this.#epsilonAt(this.steps);
  }

  #epsilonAt(step: number): number {
    const config = this.config;
    return linearEpsilon(
      step,
      config.explorationInitialEps,
      config.explorationFinalEps,
      config.explorationStart,
      config.explorationSteps,
    );
  }

  #observe(observation: ArrayLike<number>): void {
    const current = this.agent.policy.observation;
    for (let k = 0; k < current.length; k++) current[k] = observation[k]!;
  }

  #endEpisode(): void {
    const { config } = this;
    this.episodes++;
    this.#runningScore = 0.99 * this.#runningScore + 0.01 * this.#episodeScore;
    if (this.lastReturns.length === 100) this.lastReturns.shift();
    this.lastReturns.push(this.#episodeReturn);
    this.#observer.episode?.({
      episode: this.episodes,
      steps: this.steps,
      length: this.#episodeLength,
      return: this.#episodeReturn,
      runningScore: this.#runningScore,
      epsilon: this.epsilon(),
    });
    if (config.solvedBy === "runningScore" && this.#runningScore > config.solvedThreshold) {
      this.#stop();
    }
    if (this.episodes === config.totalEpisodes) this.finished = true;
    this.#episodeLength = 0;
    this.#episodeReturn = 0;
    this.#episodeScore = 0;
    this.#observe(this.#environment.reset());
  }

  /** A greedy evaluation that gives up once the threshold is out of reach: a bad policy costs an episode or two. */
  #checkWhetherSolved(): void {
    const { config, spec } = this;
    const evaluation = evaluate(this.#evaluationPolicy, this.#evaluationEnvironment, {
      episodes: config.evalEpisodes,
      seed: streamSeed(config.seed + this.steps, streams.evaluation),
      giveUp: { threshold: config.solvedThreshold, best: spec.maxReturn },
    });
    this.#observer.evaluation?.(evaluation, this.steps);
    const complete = evaluation.returns.length === config.evalEpisodes;
    if (complete && summarize(evaluation.returns).mean >= config.solvedThreshold) this.#stop();
  }

  #stop(): void {
    this.solved = true;
    this.finished = true;
  }

  /** The Q-network's weights as they are now, in the order of the policy file: views, not copies. */
  weights(): NamedTensor[] {
    return tensorsOf(this.core.buffer, this.plan.parameters, this.plan.online);
  }

  /** Mean return of the last 100 finished episodes, or of as many as there are; null before the first. */
  meanReturn100(): number | null {
    return this.lastReturns.length === 0 ? null : summarize(this.lastReturns).mean;
  }

  /** How much of the steps or episodes the run may take is done, from 0 to 1. */
  share(): number {
    const { totalEpisodes, totalSteps } = this.config;
    return Math.max(
      this.steps / (totalSteps ?? Infinity),
      this.episodes / (totalEpisodes ?? Infinity),
    );
  }

  /** Greedy episodes on a stream that no check during training has seen. */
  finalEvaluation(episodes = 100): Evaluation {
    const seed = streamSeed(this.config.seed, streams.finalEvaluation);
    return evaluate(this.#evaluationPolicy, this.#evaluationEnvironment, { episodes, seed });
  }
}

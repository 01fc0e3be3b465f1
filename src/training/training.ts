import { ActingNetwork } from "../agent/actingNetwork.ts";
import { Dqn } from "../agent/dqn.ts";
import { epsilonAt } from "../agent/exploration.ts";
import { planTraining, type TrainingPlan } from "../agent/memoryPlan.ts";
import type { NetworkShape } from "../agent/networkShape.ts";
import { streamSeed, streams } from "../agent/random.ts";
import type { Environment } from "../environments/environment.ts";
import { type EnvironmentSpec, environmentSpec, wrapCustom } from "../environments/registry.ts";
import { UsageError } from "../errors.ts";
import { type Core, createCore } from "../kernels/core.ts";
import { type PolicyDescription, tensorsOf } from "../policy/policy.ts";
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
  /** The chance of a random action at the next step. */
  readonly epsilon: number;
  /** Mean return of the greedy episodes played after this one; null if there were none. */
  readonly greedyReturn: number | null;
}

/** Told what happens, in order; observers never change a run. */
export interface TrainingObserver {
  /** An episode has ended, with the updates that come after it. */
  episode?(record: EpisodeRecord): void;
  /** The evaluation that decides whether the run is solved. */
  evaluation?(evaluation: Evaluation, steps: number): void;
  /** This is a policy to keep: it has just played the longest episode so far. */
  longest?(length: number): void;
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
  #longest = 0;
  #episodeLength = 0;
  #episodeReturn = 0;
  #episodeScore = 0;

  /**
   * @param environment the environment before frames are stacked or noise added, where it is not the built-in one that
   *   `config.env` names
   * @throws UsageError if the environment is unknown or the memory plan does not fit into 4 GiB
   */
  constructor(config: Config, observer: TrainingObserver = {}, environment?: EnvironmentSpec) {
    const spec = environment
      ? wrapCustom(environment, config)
      : environmentSpec(config.env, config);
    const shape: NetworkShape = {
      observationSize: spec.observationSize,
      hiddenSizes: config.hiddenSizes,
      activation: config.activation,
      outputActivation: config.outputActivation,
      batchNorm: config.batchNorm,
      dueling: config.dueling,
      actionCount: spec.actionCount,
    };
    if (config.explorationAction !== null && config.explorationAction >= spec.actionCount) {
      throw new UsageError(
        `explorationAction must be less than the ${spec.actionCount} actions of ${spec.id}, got ${config.explorationAction}.`,
      );
    }
    const plan = planTraining({ ...config, shape, environmentBytes: spec.bytes });
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
    const { evaluationActing, online, parameters } = plan;
    this.#evaluationPolicy = new ActingNetwork(core, shape, parameters, online, evaluationActing);
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
    const time = config.explorationUnit === "step" ? this.steps : this.episodes;
    agent.epsilon = epsilonAt(time, config);
    const step = ++this.steps;

    const action = agent.act();
    const { observation, reward, terminated, truncated } = this.#environment.step(action);

    const ended = terminated || truncated;
    const failed = terminated && !truncated;
    const final = terminated || (truncated && config.timeLimitTerminal);
    const given = failed && config.failureReward !== null ? config.failureReward : reward;
    const learned = given * config.rewardScale;
    agent.nStep.add(agent.policy.observation, action, learned, observation, final, ended);
    this.#observe(observation);

    if (config.trainFrequencyUnit === "step" && step % config.trainFrequency === 0) this.#learn();
    if (config.targetUpdateUnit === "step" && step % config.targetUpdateInterval === 0) {
      this.#updateTarget();
    }

    this.#episodeLength++;
    this.#episodeReturn += reward;
    if (!failed || config.failureReward === null) this.#episodeScore += reward;
    if (ended) this.#endEpisode();
    if (config.solvedBy === "evaluation" && step % config.evalInterval === 0 && this.#learning()) {
      this.#checkWhetherSolved();
    }
    if (step === config.totalSteps) this.finished = true;
  }

  /** Whether learning has begun, and there is enough to learn from. */
  #learning(): boolean {
    const { batchSize, learningStarts, updatePerTransition } = this.config;
    const enough = updatePerTransition ? 1 : batchSize;
    return this.steps > learningStarts && this.agent.replay.size >= enough;
  }

  #learn(): void {
    const { agent, config } = this;
    if (!this.#learning()) return;
    for (let update = 0; update < config.gradientSteps; update++) {
      agent.learn();
      if (
        config.targetUpdateUnit === "update" &&
        agent.updates % config.targetUpdateInterval === 0
      ) {
        agent.updateTarget();
      }
    }
  }

  #updateTarget(): void {
    if (this.#learning()) this.agent.updateTarget();
  }

  #endEpisode(): void {
    const { agent, config } = this;
    const index = this.episodes++;
    if (config.trainFrequencyUnit === "episode" && index % config.trainFrequency === 0) {
      this.#learn();
    }
    const greedyReturn = config.greedyEpisodes > 0 ? this.#playGreedily() : null;
    if (this.#episodeLength > this.#longest) {
      this.#longest = this.#episodeLength;
      if (config.saveLongest !== null && this.#longest > config.saveLongest) {
        this.#observer.longest?.(this.#longest);
      }
    }
    if (config.targetUpdateUnit === "episode" && index % config.targetUpdateInterval === 0) {
      agent.updateTarget();
    }
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
      greedyReturn,
    });
    const { solvedBy, solvedThreshold } = config;
    if (solvedBy === "runningScore" && this.#runningScore > solvedThreshold) this.#stop();
    if (solvedBy === "meanReturn" && (this.meanReturn100() ?? 0) >= solvedThreshold) this.#stop();
    if (this.episodes === config.totalEpisodes) this.finished = true;
    this.#episodeLength = 0;
    this.#episodeReturn = 0;
    this.#episodeScore = 0;
    this.#observe(this.#environment.reset());
  }

  /** The chance of a random action at the next step. */
  epsilon(): number {
    const { config } = this;
    return epsilonAt(config.explorationUnit === "step" ? this.steps : this.episodes, config);
  }

  #observe(observation: ArrayLike<number>): void {
    const current = this.agent.policy.observation;
    for (let k = 0; k < current.length; k++) current[k] = observation[k]!;
  }

  #playGreedily(): number {
    const { returns } = this.#evaluate(this.config.greedyEpisodes);
    return summarize(returns).mean;
  }

  /** A greedy evaluation that gives up once the threshold is out of reach: a bad policy costs an episode or two. */
  #checkWhetherSolved(): void {
    const { evalEpisodes, solvedThreshold } = this.config;
    const evaluation = this.#evaluate(evalEpisodes, solvedThreshold);
    this.#observer.evaluation?.(evaluation, this.steps);
    const complete = evaluation.returns.length === evalEpisodes;
    if (complete && summarize(evaluation.returns).mean >= solvedThreshold) this.#stop();
  }

  #evaluate(episodes: number, threshold = -Infinity): Evaluation {
    const seed = streamSeed(this.config.seed + this.steps, streams.evaluation);
    const giveUp = { threshold, best: this.spec.maxReturn };
    const options = { episodes, seed, giveUp };
    return evaluate(this.#evaluationPolicy, this.#evaluationEnvironment, options);
  }

  #stop(): void {
    this.solved = true;
    this.finished = true;
  }

  /** The Q-network's weights as they are now, in the order of the policy file: views, not copies. */
  weights(): NamedTensor[] {
    return tensorsOf(this.core.buffer, this.plan.parameters, this.plan.online);
  }

  /** What a policy file says of this run's policy. */
  describe(): PolicyDescription {
    return { env: this.config.env, shape: this.shape, options: this.config };
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

import { type Config, parseConfig } from "../config/config.ts";
import type { Environment } from "../environments/environment.ts";
import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { refuseUnless, refuseUnlessObject } from "../errors.ts";
import { type Core, createCore } from "../kernels/core.ts";
import { ActingNetwork } from "../network/actingNetwork.ts";
import { type NamedTensor, tensorsOf } from "../network/namedTensor.ts";
import type { NetworkShape } from "../network/networkShape.ts";
import { streamSeed, streams } from "../numerics/random.ts";
import { Dqn } from "./dqn.ts";
import { type Evaluation, evaluate, greedy, playOneByOne, summarize } from "./evaluation.ts";
import { epsilonAt } from "./exploration.ts";
import type { TrainingPlan } from "./memoryPlan.ts";
import type { TrainingObserver } from "./observer.ts";
import { planRun } from "./runPlan.ts";
import { keepLast, newRunState, type RunState } from "./runState.ts";

export interface LearnOptions {
  readonly milliseconds: number;
  readonly stop?: () => boolean;
}

/** A training run: deep Q-learning with experience replay (Mnih et al. 2015, Algorithm 1). */
export class Training {
  readonly config: Config;
  readonly spec: EnvironmentSpec;
  readonly shape: NetworkShape;
  readonly plan: TrainingPlan;
  readonly core: Core;
  readonly agent: Dqn;
  /** Counters and scores; read it freely, `restore` alone replaces it. */
  readonly state: RunState;
  readonly #observer: TrainingObserver;
  readonly #environment: Environment;
  readonly #evaluationEnvironment: Environment;
  readonly #evaluationPolicy: ActingNetwork;
  /** The evaluation that is under way. */
  #playing: Generator<undefined, Evaluation> | null = null;

  /**
   * @param chosen the configuration, which is copied
   * @param environment the environment before frames are stacked or noise added, where it is not the built-in one that
   *   `config.env` names
   * @throws UsageError if a value is out of range, the environment is unknown or the memory plan does not fit into 4 GiB
   */
  constructor(chosen: Config, observer: TrainingObserver = {}, environment?: EnvironmentSpec) {
    const config = parseConfig(chosen);
    refuseUnlessObject(observer, "observer");
    const { spec, shape, plan } = planRun(config, environment);
    const core = createCore(config.backend, plan.bytes);
    this.config = config;
    this.spec = spec;
    this.shape = shape;
    this.plan = plan;
    this.core = core;
    this.agent = new Dqn(core, plan, config, config.seed);
    this.state = newRunState(config);
    this.#observer = observer;
    this.#environment = spec.make(core, plan.environment.offset);
    this.#evaluationEnvironment = spec.make(core, plan.scratch.evaluationEnvironment.offset);
    const { parameters, scratch, state } = plan;
    const { evaluationActing } = scratch;
    this.#evaluationPolicy = new ActingNetwork(
      core,
      shape,
      parameters,
      state.online,
      evaluationActing,
    );
  }

  /** Environment steps taken. */
  get steps(): number {
    return this.state.steps;
  }

  /** Episodes finished. */
  get episodes(): number {
    return this.state.episodes;
  }

  get finished(): boolean {
    return this.state.finished;
  }

  /** Whether the run's own criterion was reached; null if it has none. */
  get solved(): boolean | null {
    return this.state.solved;
  }

  /** Takes up to `maxSteps` environment steps, each with all that follows from it. Returns whether the run is finished. */
  advance(maxSteps: number): boolean {
    // Without a number, a caller that waits for the end would wait forever.
    refuseUnless(
      typeof maxSteps === "number" && maxSteps >= 0,
      "maxSteps",
      "a number of at least 0",
      maxSteps,
    );
    const end = this.steps + maxSteps;
    while (!this.finished && (this.steps < end || this.state.midStep)) this.#work();
    return this.finished;
  }

  /**
   * Trains for about `milliseconds`, so that a page can call it once a frame, or until `stop` returns true. It asks that after each piece
   * of work that cannot be interrupted: an environment step with its first update, another update of that step, or an episode of an
   * evaluation. Returns whether the run is finished.
   */
  learn(options: LearnOptions): boolean {
    const isNumber = typeof options?.milliseconds === "number" && options.milliseconds >= 0;
    refuseUnless(isNumber, "milliseconds", "a number of at least 0", options);
    const { milliseconds, stop } = options;
    const end = performance.now() + milliseconds;
    while (!this.#work() && !stop?.() && performance.now() < end);
    return this.finished;
  }

  /** Does the next piece of work. Returns whether the run is finished. */
  #work(): boolean {
    const { config, state } = this;
    if (state.finished) return true;
    if (!state.midStep) this.#act();
    if (state.updatesDue > 0) this.#update();
    if (state.updatesDue > 0) return false;
    if (state.ended) {
      let greedyReturn = null;
      if (config.greedyEpisodes > 0) {
        const evaluation = this.#evaluate(config.greedyEpisodes);
        if (evaluation === null) return false;
        greedyReturn = summarize(evaluation.returns).mean;
      }
      this.#endEpisode(greedyReturn);
    }
    const { evalEvery } = config;
    if (evalEvery !== null && state.steps % evalEvery === 0 && this.#learning()) {
      if (!this.#evaluateOnTheWay()) return false;
    }
    state.midStep = false;
    state.finished =
      state.solved === true ||
      state.episodes >= (config.totalEpisodes ?? Infinity) ||
      state.steps >= (config.totalSteps ?? Infinity);
    return state.finished;
  }

  #act(): void {
    const { agent, config, state } = this;
    if (state.steps === 0) {
      const seed = streamSeed(config.seed, streams.environment);
      this.#observe(this.#environment.reset({ seed }));
    }
    const time = config.explorationUnit === "step" ? state.steps : state.episodes;
    agent.epsilon = epsilonAt(time, config);
    const step = ++state.steps;
    state.midStep = true;

    const action = agent.act();
    const { observation, reward, terminated, truncated } = this.#environment.step(action);

    const ended = terminated || truncated;
    const failed = terminated && !truncated;
    const final = terminated || (truncated && config.timeLimitTerminal);
    const given = failed && config.failureReward !== null ? config.failureReward : reward;
    const learned = given * config.rewardScale;
    agent.nStep.add(agent.policy.observation, action, learned, observation, final, ended);
    this.#observe(observation);

    state.ended = ended;
    state.episodeLength++;
    state.episodeReturn += reward;
    if (!failed || config.failureReward === null) state.episodeScore += reward;

    const { gradientSteps, trainFrequency, trainFrequencyUnit } = config;
    const eachStep = trainFrequencyUnit === "step";
    const due = eachStep
      ? step % trainFrequency === 0
      : ended && state.episodes % trainFrequency === 0;
    if (due && this.#learning()) state.updatesDue = gradientSteps;
    if (!eachStep || state.updatesDue === 0) this.#updateTargetOfStep();
  }

  /** Whether learning has begun, and there is enough to learn from. */
  #learning(): boolean {
    const { batchSize, learningStarts, updatePerTransition } = this.config;
    const enough = updatePerTransition ? 1 : batchSize;
    return this.steps > learningStarts && this.agent.replay.size >= enough;
  }

  #update(): void {
    const { agent, config, state } = this;
    agent.learn();
    if (config.targetUpdateUnit === "update" && agent.updates % config.targetUpdateInterval === 0) {
      agent.updateTarget();
    }
    if (--state.updatesDue === 0 && config.trainFrequencyUnit === "step") {
      this.#updateTargetOfStep();
    }
  }

  #updateTargetOfStep(): void {
    const { targetUpdateInterval, targetUpdateUnit } = this.config;
    const due = targetUpdateUnit === "step" && this.steps % targetUpdateInterval === 0;
    if (due && this.#learning()) this.agent.updateTarget();
  }

  /** @param greedyReturn mean return of the greedy episodes played after this one; null if there were none */
  #endEpisode(greedyReturn: number | null): void {
    const { agent, config, state } = this;
    const index = state.episodes++;
    if (state.episodeLength > state.longest) {
      state.longest = state.episodeLength;
      if (config.saveLongest !== null && state.longest > config.saveLongest) {
        this.#observer.longest?.(state.longest);
      }
    }
    if (config.targetUpdateUnit === "episode" && index % config.targetUpdateInterval === 0) {
      agent.updateTarget();
    }
    state.runningScore = 0.99 * state.runningScore + 0.01 * state.episodeScore;
    keepLast(state.lastReturns, state.episodeReturn);
    keepLast(state.lastLengths, state.episodeLength);
    this.#observer.episode?.({
      episode: state.episodes,
      steps: state.steps,
      length: state.episodeLength,
      return: state.episodeReturn,
      score: state.episodeScore,
      runningScore: state.runningScore,
      epsilon: this.epsilon(),
      greedyReturn,
    });
    const { solvedBy, solvedThreshold } = config;
    if (
      (solvedBy === "runningScore" && state.runningScore > solvedThreshold) ||
      (solvedBy === "meanReturn" && (this.meanReturn100() ?? 0) >= solvedThreshold)
    ) {
      state.solved = true;
    }
    this.#beginEpisode(this.#environment.reset());
  }

  #beginEpisode(observation: ArrayLike<number>): void {
    this.state.ended = false;
    this.state.episodeLength = 0;
    this.state.episodeReturn = 0;
    this.state.episodeScore = 0;
    this.#observe(observation);
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

  /**
   * Plays the next episode of an evaluation on the way; true after the last. Where it decides whether the run is solved, it ends as
   * soon as the threshold is out of reach.
   */
  #evaluateOnTheWay(): boolean {
    const { evalEpisodes, solvedBy, solvedThreshold } = this.config;
    const { state } = this;
    const decides = solvedBy === "evaluation";
    const evaluation = this.#evaluate(evalEpisodes, decides ? solvedThreshold : -Infinity);
    if (evaluation === null) return false;
    const { mean } = summarize(evaluation.returns);
    const complete = evaluation.returns.length === evalEpisodes;
    const best = complete && mean > (state.bestEvaluation ?? -Infinity);
    if (best) state.bestEvaluation = mean;
    this.#observer.evaluation?.(evaluation, state.steps, best);
    if (decides && complete && mean >= solvedThreshold) state.solved = true;
    return true;
  }

  /** Plays the next episode of an evaluation; null before the last. A resumed run begins the evaluation again, from its seed. */
  #evaluate(episodes: number, threshold = -Infinity): Evaluation | null {
    const seed = streamSeed(this.config.seed + this.steps, streams.evaluation);
    const giveUp = { threshold, best: this.spec.maxReturn };
    this.#playing ??= playOneByOne(
      this.#evaluationEnvironment,
      { episodes, seed, giveUp },
      greedy(this.#evaluationPolicy),
    );
    const { done, value } = this.#playing.next();
    if (!done) return null;
    this.#playing = null;
    return value;
  }

  /** What the environment is in the midst of its episode; null if it cannot say. */
  environmentState(): Uint8Array | null {
    return this.#environment.getState?.() ?? null;
  }

  /**
   * Becomes a run that stood so; the memory and the agent's counters are the caller's to restore. With no state of the
   * environment the episode that was being played is lost and a new one begins.
   * @throws whatever the environment throws at a state it cannot take
   */
  restore(state: RunState, environmentState: Uint8Array | null): void {
    Object.assign(this.state, state);
    const environment = this.#environment;
    if (environmentState !== null && environment.setState !== undefined) {
      environment.setState(environmentState);
    } else if (state.steps > 0) {
      const seed = streamSeed(this.config.seed + state.steps, streams.environment);
      const observation = environment.reset({ seed });
      // An episode that has ended, but whose updates are not all done, is not lost.
      if (state.ended) return;
      this.agent.nStep.pending = 0;
      this.#beginEpisode(observation);
    }
  }

  /** The Q-network's weights as they are now, in the order of the policy file: views, not copies. */
  weights(): NamedTensor[] {
    return tensorsOf(this.core.buffer, this.plan.parameters, this.plan.state.online);
  }

  /** Mean return of the last 100 finished episodes, or of as many as there are; null before the first. */
  meanReturn100(): number | null {
    const { lastReturns } = this.state;
    return lastReturns.length === 0 ? null : summarize(lastReturns).mean;
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
    // It plays in the same environment: an evaluation that is under way begins again.
    this.#playing = null;
    return evaluate(this.#evaluationPolicy, this.#evaluationEnvironment, { episodes, seed });
  }
}

import type { Config } from "../config/config.ts";
import type { EnvironmentFactory } from "../environments/customEnvironment.ts";
import type { StepResult } from "../environments/environment.ts";
import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { refuseUnlessNotNegative, refuseUnlessObject } from "../errors.ts";
import { streamSeed, streams } from "../numerics/random.ts";
import type { Actor } from "./actor.ts";
import { type Evaluation, summarize } from "./evaluation.ts";
import type { TrainingObserver } from "./observer.ts";
import { Run } from "./run.ts";
import { countEpisode } from "./runState.ts";

export interface LearnOptions {
  readonly milliseconds: number;
  readonly stop?: () => boolean;
}

/** Whether an operation with an interval of `interval` in `unit` is due after the `count`-th `event`. */
function isDue(event: string, unit: string, interval: number, count: number): boolean {
  return unit === event && count % interval === 0;
}

/** Deep Q-learning with experience replay (Mnih et al. 2015, Algorithm 1), or with rollouts (`Pqn`). */
export class Training extends Run {
  readonly #observer: TrainingObserver;

  /**
   * @param chosen the configuration, which is copied
   * @param environment your environment, without frame stack and noise, instead of the built-in one that `config.env` names
   * @throws UsageError if a value is out of range, the environment is unknown or the memory plan exceeds 4 GiB
   */
  constructor(
    chosen: Config,
    observer: TrainingObserver = {},
    environment?: EnvironmentFactory | EnvironmentSpec,
  ) {
    refuseUnlessObject(observer, "observer");
    super(chosen, environment);
    this.#observer = observer;
  }

  /** Takes up to `maxSteps` environment steps, each with its updates and evaluations. Returns whether the run is finished. */
  advance(maxSteps: number): boolean {
    // NaN would end the loop at once, and a caller that waits for the end would wait forever.
    refuseUnlessNotNegative(maxSteps, "maxSteps");
    const end = this.steps + maxSteps;
    while (!this.finished && (this.steps < end || this.state.midStep)) this.#work();
    return this.finished;
  }

  /**
   * Trains for about `milliseconds` or until `stop` returns true, so that a page can call it once per frame. It checks both after each
   * piece of work: an environment step with its first update, another update, or a piece of an evaluation. Returns whether the run is
   * finished.
   */
  learn(options: LearnOptions): boolean {
    refuseUnlessObject(options, "options");
    const { milliseconds, stop } = options;
    refuseUnlessNotNegative(milliseconds, "milliseconds");
    const end = performance.now() + milliseconds;
    while (!this.#work() && !stop?.() && performance.now() < end);
    return this.finished;
  }

  /**
   * Algorithm 1, up to the end of the next piece of work. `state` says where in a step the run is: `midStep`, then `updatesDue`, then
   * `ended`. A run can stop after each piece and resume there. Returns whether the run is finished.
   */
  #work(): boolean {
    const { actor, state } = this;
    if (state.finished) return true;
    if (!state.midStep || state.updatesDue > 0) {
      if (!state.midStep) {
        if (state.steps === 0) this.#beginFirstEpisodes();

        // Select a random action with probability epsilon, otherwise the greedy action.
        const action = this.chooseAction(actor);

        // Execute the action in the environment. Observe the reward and the next observation. Store the transition.
        this.observe(actor, action, actor.environment.step(action));
      }

      // Sample a minibatch. Take a gradient descent step on its TD errors.
      if (state.updatesDue > 0) this.update();
      if (state.updatesDue > 0) return false;

      // Every targetUpdateInterval steps, move the target network to the Q-network.
      this.syncAfterUpdates();
    }
    return this.finishStep(actor);
  }

  #beginFirstEpisodes(): void {
    this.actors.forEach((actor, k) => {
      this.beginEpisode(actor, actor.environment.reset({ seed: this.environmentSeed(k) }));
    });
  }

  /** Returns the action of the frozen opponent if it is to move, else the agent's. */
  protected chooseAction(actor: Actor): number {
    const { agent, opponents, rounds } = this;
    agent.epsilon = this.epsilon();
    const greedy = rounds === null ? -1 : rounds.greedyAction(this.state.steps);
    if (!actor.opponentMoves) return agent.act(actor.legal, greedy);
    return opponents!.act(actor.opponent, actor.observation, actor.legal);
  }

  /**
   * Counts a step, stores its transition with the shaped reward (`failureReward`, `rewardScale`), and adds the updates that it makes
   * due.
   */
  protected observe(actor: Actor, action: number, result: StepResult): void {
    const { config, state } = this;
    const { observation, reward, terminated, truncated } = result;
    const { failureReward, gradientSteps, rewardScale, timeLimitTerminal } = config;
    const ended = terminated || truncated;
    const failed = terminated && !truncated && failureReward !== null;
    const shapedReward = (failed ? failureReward : reward) * rewardScale;
    // Only a terminal step cuts the bootstrap: after a time limit, the next state still has a value.
    const terminal = terminated || (truncated && timeLimitTerminal);
    // A terminal state may have no legal action, and its mask has no effect.
    if (terminated) actor.legal = null;
    else actor.readLegalActions();
    state.steps++;
    state.midStep = true;
    this.agent.store(actor, action, shapedReward, observation, terminal, ended);
    actor.observe(observation);
    this.statistics?.add(observation);
    // In a two-player game, the episode's return is that of the player who began.
    const sign = this.spec.players === 2 && actor.length % 2 === 1 ? -1 : 1;
    actor.count(sign * reward, failed);
    state.ended = ended;
    if (config.algorithm === "pqn") this.#endRollout();
    else if (this.#updatesAreDue()) state.updatesDue = gradientSteps;
    // With updates per episode, the step's target update comes before them.
    if (config.trainFrequencyUnit === "episode") this.#syncTargetAfterStep();
  }

  /** Makes the next of the due updates. */
  protected update(): void {
    const { agent } = this;
    agent.optimizer.learningRate = this.learningRate();
    agent.learn();
    this.#syncTarget("update", agent.updates);
    this.state.updatesDue--;
  }

  /** Makes the target update of a step, after its updates. */
  protected syncAfterUpdates(): void {
    if (this.config.trainFrequencyUnit === "step") this.#syncTargetAfterStep();
  }

  /** Ends the episode and evaluates, if due, up to the next piece. Returns whether the run is finished. */
  protected finishStep(actor: Actor): boolean {
    const { config, state } = this;
    // At the end of an episode, play greedy episodes, report the episode and begin the next one.
    if (state.ended && !this.#endEpisode(actor)) return false;

    // Every evalEvery steps, evaluate the greedy policy.
    if (this.#evaluationIsDue() && !this.#evaluate()) return false;

    this.opponents?.afterStep(state.steps);
    state.midStep = false;
    state.finished =
      state.solved === true ||
      state.episodes >= (config.totalEpisodes ?? Infinity) ||
      state.steps >= (config.totalSteps ?? Infinity);
    return state.finished;
  }

  /** Begins the actor's next episode. */
  protected nextEpisode(actor: Actor): void {
    this.beginEpisode(actor, actor.environment.reset());
  }

  /** PQN: after the last step of a rollout, values the observations after it and makes the updates due. */
  #endRollout(): void {
    const { numEnvs, numMinibatches, numSteps, updateEpochs } = this.config;
    if (this.steps % (numEnvs * numSteps) !== 0) return;
    this.rounds!.decide();
    this.state.updatesDue = updateEpochs * numMinibatches;
  }

  /** Whether learning has started and the replay buffer holds a batch. */
  #isLearning(): boolean {
    const { algorithm, batchSize, learningStarts, updatePerTransition } = this.config;
    if (algorithm === "pqn") return this.agent.updates > 0;
    const enough = updatePerTransition ? 1 : batchSize;
    return this.steps > learningStarts && this.agent.replay.available >= enough;
  }

  #updatesAreDue(): boolean {
    const { episodes, ended, steps } = this.state;
    const { trainFrequency, trainFrequencyUnit } = this.config;
    const due =
      isDue("step", trainFrequencyUnit, trainFrequency, steps) ||
      (ended && isDue("episode", trainFrequencyUnit, trainFrequency, episodes));
    return due && this.#isLearning();
  }

  #syncTarget(event: "step" | "update" | "episode", count: number): void {
    const { targetUpdateInterval, targetUpdateUnit } = this.config;
    if (isDue(event, targetUpdateUnit, targetUpdateInterval, count)) this.agent.updateTarget();
  }

  #syncTargetAfterStep(): void {
    if (this.#isLearning()) this.#syncTarget("step", this.steps);
  }

  /** Plays the next piece of the greedy episodes, if there are any. After the last one, ends the training episode. Returns whether it ended. */
  #endEpisode(actor: Actor): boolean {
    const { config, state } = this;
    let greedyReturn: number | null = null;
    if (config.greedyEpisodes > 0) {
      const evaluation = this.#playNext(config.greedyEpisodes);
      if (evaluation === null) return false;
      greedyReturn = summarize(evaluation.returns).mean;
    }
    const isLongest = countEpisode(state, actor);
    if (isLongest && config.saveLongest !== null && actor.length > config.saveLongest) {
      this.#observer.longestEpisode?.(actor.length);
    }
    // Counted from 0, so a target update is due after the first episode.
    this.#syncTarget("episode", state.episodes - 1);
    this.#observer.episode?.({
      episode: state.episodes,
      steps: state.steps,
      length: actor.length,
      return: actor.return,
      score: actor.score,
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
    state.ended = false;
    this.nextEpisode(actor);
    return true;
  }

  #evaluationIsDue(): boolean {
    const { evalEvery } = this.config;
    return evalEvery !== null && this.steps % evalEvery === 0 && this.#isLearning();
  }

  /**
   * Plays the next piece of an evaluation. Returns whether the evaluation is complete. If it decides whether the run is solved, it
   * stops as soon as the threshold is out of reach.
   */
  #evaluate(): boolean {
    const { evalEpisodes, solvedBy, solvedThreshold } = this.config;
    const { state } = this;
    const decides = solvedBy === "evaluation";
    const evaluation = this.#playNext(evalEpisodes, decides ? solvedThreshold : -Infinity);
    if (evaluation === null) return false;
    const { mean } = summarize(evaluation.returns);
    const complete = evaluation.returns.length === evalEpisodes;
    const best = complete && mean > (state.bestEvaluation ?? -Infinity);
    if (best) state.bestEvaluation = mean;
    this.#observer.evaluation?.(evaluation, state.steps, best);
    if (decides && complete && mean >= solvedThreshold) state.solved = true;
    return true;
  }

  /** See `Evaluator.playNext`. A resumed run starts the evaluation again, with the same seed. */
  #playNext(episodes: number, threshold = -Infinity): Evaluation | null {
    const seed = streamSeed(this.config.seed + this.steps, streams.evaluation);
    const giveUp = { threshold, best: this.spec.maxReturn };
    return this.evaluator.playNext({ episodes, seed, giveUp });
  }
}

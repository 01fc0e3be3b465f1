import { type Config, parseConfig } from "../config/config.ts";
import { type LiveChanges, refuseNotLive } from "../config/liveChanges.ts";
import type { EnvironmentFactory } from "../environments/customEnvironment.ts";
import type { Environment } from "../environments/environment.ts";
import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { refuseUnlessObject } from "../errors.ts";
import { type Core, createCore } from "../kernels/core.ts";
import { ActingNetwork } from "../network/actingNetwork.ts";
import { type NamedTensor, tensorsOf } from "../network/namedTensor.ts";
import type { NetworkShape } from "../network/networkShape.ts";
import { streamSeed, streams } from "../numerics/random.ts";
import { ActingRounds } from "./actingRounds.ts";
import { Actor } from "./actor.ts";
import { Dqn } from "./dqn.ts";
import { type Evaluation, summarize } from "./evaluation.ts";
import { Evaluator } from "./evaluator.ts";
import { epsilonAt } from "./exploration.ts";
import type { Learner } from "./learner.ts";
import type { TrainingPlan } from "./memoryPlan.ts";
import { ObservationStatistics } from "./observationStatistics.ts";
import { OpponentPool } from "./opponentPool.ts";
import { Pqn } from "./pqn.ts";
import { planRun } from "./runPlan.ts";
import { newRunState, type RunState } from "./runState.ts";

/** Distance of the environments' random streams; more than there are `streams`. */
const STREAMS_PER_ENVIRONMENT = 16;

/** A run's configuration, memory, agent, environments and state. `Training` adds the algorithm. */
export class Run {
  readonly spec: EnvironmentSpec;
  readonly shape: NetworkShape;
  readonly plan: TrainingPlan;
  readonly core: Core;
  /** Sources of the weights besides configuration and seed; usually "". Policies and checkpoints store it. */
  dependsOn = "";
  readonly agent: Learner;
  /** Counters and scores. Read-only: only the training and `restore` change them. */
  readonly state: RunState;
  /** Hyperparameters that `change` changed after the first step. Read-only. */
  readonly changed = new Set<string>();
  /** Frozen opponents; null for one player or without a pool. */
  readonly opponents: OpponentPool | null;
  /** The copies of the environment. They step in turn. */
  readonly actors: readonly Actor[];
  /** null unless observations are normalised. */
  protected readonly statistics: ObservationStatistics | null;
  /** null for one environment, except in PQN. */
  protected readonly rounds: ActingRounds | null;
  protected readonly evaluator: Evaluator;
  #config: Config;

  constructor(chosen: Config, environment?: EnvironmentFactory | EnvironmentSpec) {
    const asked = parseConfig(chosen);
    const { spec, shape, plan } = planRun(asked, environment);
    // Files name the environment that the run used, not the one that `environment` replaces.
    const config: Config = Object.freeze({ ...asked, env: spec.id });
    const core = createCore(config.backend, plan.bytes);
    this.#config = config;
    this.spec = spec;
    this.shape = shape;
    this.plan = plan;
    this.core = core;
    const Agent = config.algorithm === "pqn" ? Pqn : Dqn;
    this.agent = new Agent(core, plan, config, config.seed);
    const { scratch, state } = plan;
    const hasOpponents = scratch.opponentActing.length > 0;
    this.opponents = hasOpponents ? new OpponentPool(core, plan, config) : null;
    this.state = newRunState(config);
    const { nSteps, numEnvs } = config;
    this.actors = Array.from({ length: numEnvs }, (_, k) => {
      const made = spec.make(core, plan.environment.offset + k * spec.bytes);
      return new Actor(core.buffer, plan, k, made, this.agent.replay, nSteps);
    });
    this.agent.discountBy(this.#gamma(), this.actors);
    this.statistics = shape.normalizeObservations
      ? new ObservationStatistics(core.buffer, plan)
      : null;
    this.rounds =
      scratch.actingAll === null
        ? null
        : new ActingRounds(core, scratch.actingAll, state, this.actors);
    this.evaluator = new Evaluator(
      new ActingNetwork(core, scratch.evaluationActing),
      spec.make(core, scratch.evaluationEnvironment.offset),
    );
  }

  /** The configuration, frozen. `change` replaces it. */
  get config(): Config {
    return this.#config;
  }

  /** Zero-sum players alternate: the next state's value is the other player's, so it counts with a minus sign (negamax). */
  #gamma(): number {
    const { gamma } = this.config;
    return this.spec.players === 2 ? -gamma : gamma;
  }

  /**
   * Changes hyperparameters for the next steps and updates: the learning rate, gamma, epsilon or the target update interval. gamma
   * applies to transitions that are stored from now on; the replay buffer keeps the discounts of older ones.
   * @throws UsageError if another hyperparameter or a value out of range is given
   */
  change(changes: LiveChanges): void {
    refuseUnlessObject(changes, "changes");
    const keys = Object.keys(changes) as (keyof LiveChanges)[];
    refuseNotLive(keys);
    const before = this.config;
    this.#config = parseConfig({ ...before, ...changes });
    this.agent.discountBy(this.#gamma(), this.actors);
    // Before the first step, the run is simply one of the new configuration.
    const changed = keys.filter((key) => this.steps > 0 && before[key] !== this.config[key]);
    for (const key of changed) this.changed.add(key);
  }

  /** The first environment. Read-only: `render` it, but do not step it. */
  get environment(): Environment {
    return this.actors[0]!.environment;
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

  /** Whether the criterion of `solvedBy` was reached; null without a criterion. */
  get solved(): boolean | null {
    return this.state.solved;
  }

  /** Probability of a random action at the next step. */
  epsilon(): number {
    const { config } = this;
    return epsilonAt(config.explorationUnit === "step" ? this.steps : this.episodes, config);
  }

  /** Learning rate of the next update. It changes linearly, as a pure function of the steps. */
  learningRate(): number {
    const { learningRate, learningRateFinal, learningRateSteps } = this.config;
    if (learningRateFinal === null) return learningRate;
    const fraction = Math.min(1, this.steps / learningRateSteps);
    return learningRate + (learningRateFinal - learningRate) * fraction;
  }

  /** Mean return of the last 100 finished episodes, or of all if there are fewer; null before the first. */
  meanReturn100(): number | null {
    const { lastReturns } = this.state;
    return lastReturns.length === 0 ? null : summarize(lastReturns).mean;
  }

  /** Finished fraction of `totalSteps` or `totalEpisodes`, whichever is larger, from 0 to 1. */
  fraction(): number {
    const { totalEpisodes, totalSteps } = this.config;
    return Math.max(
      this.steps / (totalSteps ?? Infinity),
      this.episodes / (totalEpisodes ?? Infinity),
    );
  }

  /** Current weights of the Q-network in the order of the policy file: views, not copies. */
  weights(): NamedTensor[] {
    return tensorsOf(this.core.buffer, this.plan.parameters, this.plan.state.online);
  }

  /** Plays greedy episodes with a random stream that no evaluation during training uses. */
  finalEvaluation(episodes = 100): Evaluation {
    const seed = streamSeed(this.config.seed, streams.finalEvaluation);
    return this.evaluator.playAll({ episodes, seed });
  }

  /** States of the environments, also within an episode; null if they have no `getState`. */
  environmentStates(): Uint8Array[] | null {
    const states = this.actors.map(({ environment }) => environment.getState?.());
    return states.every((state) => state !== undefined) ? states : null;
  }

  /**
   * Restores the run's state. The caller restores the memory and the agent's counters. Without environment states, new episodes replace
   * the current ones.
   * @throws any error that an environment throws in `setState`
   */
  restore(state: RunState, environmentStates: readonly Uint8Array[] | null): void {
    Object.assign(this.state, state);
    this.actors.forEach((actor, k) => {
      const { environment } = actor;
      // The current actor's episode may have ended: the training makes its remaining updates and counts it.
      const ended = state.ended && actor === this.actor;
      if (environmentStates !== null && environment.setState !== undefined) {
        environment.setState(environmentStates[k]!);
        if (state.steps > 0 && !ended) actor.readLegalActions();
      } else if (state.steps > 0) {
        this.dependsOn ||= "the step at which it was resumed";
        const observation = environment.reset({ seed: this.environmentSeed(k, state.steps) });
        if (ended) return;
        this.agent.abandonEpisode(actor);
        this.beginEpisode(actor, observation);
      }
    });
    if (environmentStates === null) this.rounds?.decide();
  }

  /** The actor of the current step, or of the next one between two steps. */
  get actor(): Actor {
    const { midStep, steps } = this.state;
    return this.actors[(midStep ? steps - 1 : steps) % this.actors.length]!;
  }

  /** Seed of the first reset of the environment number `index`, for a run that begins at `steps`. */
  protected environmentSeed(index: number, steps = 0): number {
    return streamSeed(
      this.config.seed + steps,
      streams.environment + STREAMS_PER_ENVIRONMENT * index,
    );
  }

  protected beginEpisode(actor: Actor, observation: ArrayLike<number>): void {
    this.statistics?.add(observation);
    actor.begin(observation, this.opponents?.draw(this.agent.exploration) ?? -1);
  }
}

import { type Config, parseConfig } from "../config/config.ts";
import type { EnvironmentFactory } from "../environments/customEnvironment.ts";
import type { Environment } from "../environments/environment.ts";
import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { type Core, createCore } from "../kernels/core.ts";
import { ActingNetwork } from "../network/actingNetwork.ts";
import { type NamedTensor, tensorsOf } from "../network/namedTensor.ts";
import type { NetworkShape } from "../network/networkShape.ts";
import { streamSeed, streams } from "../numerics/random.ts";
import { Dqn } from "./dqn.ts";
import { type Evaluation, summarize } from "./evaluation.ts";
import { Evaluator } from "./evaluator.ts";
import { epsilonAt } from "./exploration.ts";
import type { TrainingPlan } from "./memoryPlan.ts";
import { planRun } from "./runPlan.ts";
import { newRunState, type RunState } from "./runState.ts";

/** A run's configuration, memory, agent, environments and state. `Training` adds the algorithm. */
export class Run {
  readonly config: Config;
  readonly spec: EnvironmentSpec;
  readonly shape: NetworkShape;
  readonly plan: TrainingPlan;
  readonly core: Core;
  readonly agent: Dqn;
  /** Counters and scores. Read-only: only the training and `restore` change them. */
  readonly state: RunState;
  /** The training's environment. Read-only: `render` it, but do not step it. */
  readonly environment: Environment;
  protected readonly evaluator: Evaluator;

  constructor(chosen: Config, environment?: EnvironmentFactory | EnvironmentSpec) {
    const asked = parseConfig(chosen);
    const { spec, shape, plan } = planRun(asked, environment);
    // Files name the environment that the run used, not the one that `environment` replaces.
    const config: Config = Object.freeze({ ...asked, env: spec.id });
    const { parameters, scratch, state } = plan;
    const core = createCore(config.backend, plan.bytes);
    this.config = config;
    this.spec = spec;
    this.shape = shape;
    this.plan = plan;
    this.core = core;
    this.agent = new Dqn(core, plan, config, config.seed);
    this.state = newRunState(config);
    this.environment = spec.make(core, plan.environment.offset);
    this.evaluator = new Evaluator(
      new ActingNetwork(core, shape, parameters, state.online, scratch.evaluationActing),
      spec.make(core, scratch.evaluationEnvironment.offset),
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

  /** Whether the criterion of `solvedBy` was reached; null without a criterion. */
  get solved(): boolean | null {
    return this.state.solved;
  }

  /** Probability of a random action at the next step. */
  epsilon(): number {
    const { config } = this;
    return epsilonAt(config.explorationUnit === "step" ? this.steps : this.episodes, config);
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

  /** State of the environment, also within an episode; null if it has no `getState`. */
  environmentState(): Uint8Array | null {
    return this.environment.getState?.() ?? null;
  }

  /**
   * Restores the run's state. The caller restores the memory and the agent's counters. Without an environment state, a new episode
   * replaces the current one.
   * @throws any error that the environment throws in `setState`
   */
  restore(state: RunState, environmentState: Uint8Array | null): void {
    Object.assign(this.state, state);
    const { environment } = this;
    if (environmentState !== null && environment.setState !== undefined) {
      environment.setState(environmentState);
    } else if (state.steps > 0) {
      const seed = streamSeed(this.config.seed + state.steps, streams.environment);
      const observation = environment.reset({ seed });
      // The episode ended before the checkpoint: the training makes its remaining updates and counts it.
      if (state.ended) return;
      this.agent.nStep.pending = 0;
      this.beginEpisode(observation);
    }
  }

  protected beginEpisode(observation: ArrayLike<number>): void {
    this.state.ended = false;
    this.state.episodeLength = 0;
    this.state.episodeReturn = 0;
    this.state.episodeScore = 0;
    this.observe(observation);
  }

  /** Sets the observation on which the agent acts next. */
  protected observe(observation: ArrayLike<number>): void {
    const current = this.agent.policy.observation;
    for (let k = 0; k < current.length; k++) current[k] = observation[k]!;
  }
}

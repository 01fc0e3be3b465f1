import type { Config, ConfigChanges } from "../config/config.ts";
import type { RecipeName } from "../config/recipes.ts";
import { refuseFixed } from "../config/resumeChanges.ts";
import { withoutEvaluations } from "../config/withoutEvaluations.ts";
import type { TrainingObserver } from "../dqn/observer.ts";
import type { ObservationType } from "../environments/environment.ts";
import { validateMembers } from "../environments/environmentMembers.ts";
import { refuseBuiltInId } from "../environments/registry.ts";
import { refuseUnless, refuseUnlessNotNegative, refuseUnlessObject } from "../errors.ts";
import { readCheckpoint, resumeRun } from "../formats/checkpoint.ts";
import { Agent } from "./agent.ts";
import { Relay } from "./relay.ts";

/** The game, a recipe, changes of its configuration, and callbacks. */
export interface AgentOptions
  extends ConfigChanges,
    Pick<TrainingObserver, "episode" | "longestEpisode"> {
  /** Numbers in an observation. */
  readonly observationSize: number;
  /** Shape of an observation; see `Environment`. */
  readonly observationShape?: readonly number[];
  /** Type of the numbers in an observation; see `Environment`. Default: `float32`. */
  readonly observationType?: ObservationType;
  /** Actions are the whole numbers 0 to actionCount - 1. By default, the number of `actionNames`. */
  readonly actionCount?: number;
  /** Names of the actions, in order. */
  readonly actionNames?: readonly string[];
  /** Whether `act` gets a mask of the legal actions. Default: false. */
  readonly hasLegalActions?: boolean;
  /** Name of the game in policies and checkpoints. Default: "environment". */
  readonly id?: string;
  /** Default: `solve`. */
  readonly recipe?: RecipeName;
  /**
   * Time budget of the updates in one call of `act` or `end`; the rest waits for the next call or for `learn`. Default: Infinity, with
   * which the run depends only on the calls, not on the clock.
   */
  readonly milliseconds?: number;
  /** Bytes of a checkpoint file to resume. Only `totalSteps`, `totalEpisodes` and `backend` can then be changed. */
  readonly checkpoint?: Uint8Array;
}

/**
 * Creates an agent for a game loop that you own.
 * @throws UsageError for a value out of range, an unknown recipe, or a value that needs an environment that the library can play
 * @throws RunError if a size or name of the game is invalid, or the checkpoint is damaged or of another game
 */
export function createAgent(options: AgentOptions): Agent {
  refuseUnlessObject(options, "options");
  const {
    actionNames,
    actionCount = actionNames?.length ?? 0,
    checkpoint,
    episode,
    hasLegalActions = false,
    id = "environment",
    longestEpisode,
    milliseconds = Infinity,
    observationShape,
    observationSize,
    observationType,
    recipe,
    ...changes
  } = options;
  refuseUnlessNotNegative(milliseconds, "milliseconds");
  const sizes = { observationSize, observationShape, observationType, actionCount };
  const game = { id, ...sizes, actionNames, hasLegalActions };
  refuseUnless(typeof id === "string" && id !== "", "id", "a name", id);
  validateMembers(id, game);
  refuseBuiltInId(id);
  const relay = new Relay(observationSize, actionCount, hasLegalActions);
  const make = () => relay;
  const spec = { ...game, rewardThreshold: null, maxReturn: Infinity, bytes: 0, make };
  const observer = { episode, longestEpisode };
  const makeAgent = (config: Config) => new Agent(config, observer, spec, relay, milliseconds);
  if (checkpoint === undefined) return makeAgent(withoutEvaluations(recipe, changes, spec));
  if (recipe !== undefined) refuseFixed(["recipe"]);
  return resumeRun(readCheckpoint(checkpoint), changes, spec, makeAgent);
}

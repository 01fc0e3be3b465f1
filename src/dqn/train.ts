import { type Config, parseConfig, parsePartial } from "../config/config.ts";
import { recipeConfig } from "../config/recipes.ts";
import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { refuseUnlessObject, refuseUnlessSignal } from "../errors.ts";
import { refuseDivergence } from "./divergence.ts";
import type { TrainingObserver } from "./observer.ts";
import { Training } from "./training.ts";
import { nextTurn, turnMilliseconds } from "./yieldToEventLoop.ts";

/** Turns, about a second, from one look at every weight to the next. */
const TURNS_TO_A_LOOK = 100;

/** What to train: a recipe, `solve` unless said otherwise, and the values of its configuration to change. */
export interface TrainOptions extends Partial<Config>, TrainingObserver {
  readonly recipe?: string;
  /** An environment of your own, in place of the built-in one that `env` names. */
  readonly environment?: EnvironmentSpec;
  /** Stops the training; `train` throws its reason. */
  readonly signal?: AbortSignal;
}

/**
 * Trains to the end and returns the finished run. Other work of the process or page gets its turn every few milliseconds.
 * @throws UsageError for a value out of range, an unknown recipe or environment, or a memory plan over 4 GiB; RunError if the training
 *   diverges: `new Training(config)` and its `learn` go on regardless
 */
export async function train(options: TrainOptions = {}): Promise<Training> {
  refuseUnlessObject(options, "options");
  const { recipe, environment, signal, episode, evaluation, longest, ...changes } = options;
  refuseUnlessSignal(signal);
  const config = chosenConfig(recipe, changes);
  const training = new Training(config, { episode, evaluation, longest }, environment);
  signal?.throwIfAborted();
  for (let turn = 1; !training.learn({ milliseconds: turnMilliseconds }); turn++) {
    if (turn % TURNS_TO_A_LOOK === 0) refuseDivergence(training);
    await nextTurn();
    signal?.throwIfAborted();
  }
  refuseDivergence(training);
  return training;
}

/** A recipe's configuration, changed. @throws UsageError for a value out of range or an unknown recipe */
export function chosenConfig(recipe = "solve", changes: object = {}): Config {
  return parseConfig({ ...recipeConfig(recipe), ...parsePartial(changes, "") });
}

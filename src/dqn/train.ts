import { type Config, type ConfigChanges, parseConfig, parsePartial } from "../config/config.ts";
import { type RecipeName, recipeConfig } from "../config/recipes.ts";
import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { refuseUnlessObject, refuseUnlessSignal } from "../errors.ts";
import type { TrainingObserver } from "./observer.ts";
import { runSlices } from "./runSlices.ts";
import { Training } from "./training.ts";

/** What to train: a recipe, `solve` unless said otherwise, and the values of its configuration to change. */
export interface TrainOptions extends ConfigChanges, TrainingObserver {
  /** Default: `solve`. */
  readonly recipe?: RecipeName;
  /** An environment of your own, in place of the built-in one that `env` names. */
  readonly environment?: EnvironmentSpec;
  /** Stops the training; `train` throws its reason. */
  readonly signal?: AbortSignal;
}

/**
 * Trains to the end and returns the finished run. It yields to the event loop every few milliseconds.
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
  await runSlices(training, { stop: () => signal?.aborted === true });
  if (!training.finished) signal?.throwIfAborted();
  return training;
}

/** A recipe's configuration, changed. @throws UsageError for a value out of range or an unknown recipe */
export function chosenConfig(recipe: string = "solve", changes: object = {}): Config {
  return parseConfig({ ...recipeConfig(recipe), ...parsePartial(changes, "") });
}

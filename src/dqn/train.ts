import { type Config, type ConfigChanges, parseConfig, parsePartial } from "../config/config.ts";
import { type RecipeName, recipeConfig } from "../config/recipes.ts";
import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { refuseUnlessObject, refuseUnlessSignal } from "../errors.ts";
import type { TrainingObserver } from "./observer.ts";
import { runSlices } from "./runSlices.ts";
import { Training } from "./training.ts";

/** A recipe, changes of its configuration, and callbacks. */
export interface TrainOptions extends ConfigChanges, TrainingObserver {
  /** Default: `solve`. */
  readonly recipe?: RecipeName;
  /** Your environment, instead of the built-in one that `env` names. */
  readonly environment?: EnvironmentSpec;
  /** Stops the training: `train` throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Trains to the end and returns the finished run. Yields to the event loop every 8 ms.
 * @throws UsageError for a value out of range, an unknown recipe or environment, or a memory plan over 4 GiB
 * @throws RunError if the training diverges. `new Training(config)` and its `learn` do not check for divergence.
 */
export async function train(options: TrainOptions = {}): Promise<Training> {
  refuseUnlessObject(options, "options");
  const { recipe, environment, signal, episode, evaluation, longestEpisode, ...changes } = options;
  refuseUnlessSignal(signal);
  const config = chosenConfig(recipe, changes);
  const training = new Training(config, { episode, evaluation, longestEpisode }, environment);
  signal?.throwIfAborted();
  await runSlices(training, { stop: () => signal?.aborted === true });
  if (!training.finished) signal?.throwIfAborted();
  return training;
}

/** Returns a recipe's configuration with changes. @throws UsageError for a value out of range or an unknown recipe */
export function chosenConfig(recipe: string = "solve", changes: object = {}): Config {
  return parseConfig({ ...recipeConfig(recipe), ...parsePartial(changes, "") });
}

import { chosenConfig } from "../config/chosenConfig.ts";
import type { ConfigChanges } from "../config/config.ts";
import type { RecipeName } from "../config/recipes.ts";
import { describeEnvironment, type EnvironmentFactory } from "../environments/customEnvironment.ts";
import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { refuseUnlessObject, refuseUnlessSignal } from "../errors.ts";
import type { TrainingObserver } from "./observer.ts";
import { runSlices } from "./runSlices.ts";
import { Training } from "./training.ts";

/** A recipe, changes of its configuration, and callbacks. */
export interface TrainOptions extends ConfigChanges, TrainingObserver {
  /** Default: `solve`. */
  readonly recipe?: RecipeName;
  /** Class or function that makes your environment, instead of the built-in one that `env` names. */
  readonly environment?: EnvironmentFactory | EnvironmentSpec;
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
  const own = environment && describeEnvironment(environment);
  const config = chosenConfig(recipe, changes, own);
  const training = new Training(config, { episode, evaluation, longestEpisode }, own);
  signal?.throwIfAborted();
  await runSlices(training, { stop: () => signal?.aborted === true });
  if (!training.finished) signal?.throwIfAborted();
  return training;
}

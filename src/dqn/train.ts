import { chosenConfig } from "../config/chosenConfig.ts";
import type { ConfigChanges } from "../config/config.ts";
import type { RecipeName } from "../config/recipes.ts";
import { withoutEvaluations } from "../config/withoutEvaluations.ts";
import { type AsyncEnvironmentFactory, PromisedReset } from "../environments/asyncEnvironment.ts";
import { describeEnvironment, type EnvironmentFactory } from "../environments/customEnvironment.ts";
import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { refuseUnlessObject, refuseUnlessSignal } from "../errors.ts";
import { AsyncTraining } from "./asyncTraining.ts";
import type { TrainingObserver } from "./observer.ts";
import { runSlices } from "./runSlices.ts";
import { Training } from "./training.ts";

/** A recipe, changes of its configuration, and callbacks. */
export interface TrainOptions extends ConfigChanges, TrainingObserver {
  /** Default: `solve`. */
  readonly recipe?: RecipeName;
  /**
   * Class or function that makes your environment, instead of the built-in one that `env` names. The environment may be asynchronous:
   * its functions return promises. Then there are no evaluations, and `numEnvs` is 1.
   */
  readonly environment?: EnvironmentFactory | AsyncEnvironmentFactory | EnvironmentSpec;
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
  const observer = { episode, evaluation, longestEpisode };
  const stop = () => signal?.aborted === true;
  let training = new Training(config, observer, own);
  signal?.throwIfAborted();
  try {
    await runSlices(training, { stop });
  } catch (error) {
    if (!(error instanceof PromisedReset) || own === undefined) throw error;
    const asyncTraining = new AsyncTraining(
      withoutEvaluations(recipe, changes, own),
      observer,
      own,
      error,
    );
    training = asyncTraining;
    // The game's answer may never come, so a signal does not wait for it.
    const aborted = new Promise((resolve) => signal?.addEventListener("abort", resolve));
    await Promise.race([asyncTraining.play(stop), aborted]);
  }
  if (!training.finished) signal?.throwIfAborted();
  return training;
}

import type { EnvironmentSpec } from "../environments/registry.ts";
import { type Config, parseConfig, parsePartial } from "./config.ts";
import type { TrainingObserver } from "./observer.ts";
import { recipeConfig } from "./recipes.ts";
import { Training } from "./training.ts";

/** What to train: a recipe, `solve` unless said otherwise, and the values of its configuration to change. */
export interface TrainOptions extends Partial<Config>, TrainingObserver {
  readonly recipe?: string;
  /** An environment of your own, in place of the built-in one that `env` names. */
  readonly environment?: EnvironmentSpec;
}

/** Steps between two chances for timers, input and output. */
const STEPS_PER_TURN = 2_000;

/**
 * Trains to the end and returns the finished run. Other work of the process gets its turn in between.
 * @throws UsageError for a value out of range, an unknown recipe or environment, or a memory plan over 4 GiB
 */
export async function train(options: TrainOptions = {}): Promise<Training> {
  const { recipe = "solve", environment, episode, evaluation, longest, ...changes } = options;
  const config = parseConfig({ ...recipeConfig(recipe), ...parsePartial(changes, "") });
  const observer = { episode, evaluation, longest };
  const training = new Training(config, observer, environment);
  while (!training.advance(STEPS_PER_TURN)) await new Promise((resume) => setTimeout(resume));
  return training;
}

import { parseConfig } from "../config/config.ts";
import { recipeConfig } from "../config/recipes.ts";
import { summarize } from "../dqn/evaluation.ts";
import { runSlices } from "../dqn/runSlices.ts";
import { Training } from "../dqn/training.ts";
import { oneLine, reasonOf } from "../errors.ts";
import { weightsSha256 } from "../formats/policy.ts";
import type { Configuration } from "./configuration.ts";
import { configurationName, withoutNoise } from "./configuration.ts";

/** One run of a sweep. */
export interface Trial extends Configuration {
  readonly seed: number;
}

/** How a trial went; what is null is not known, because it failed or never came to it. */
export interface TrialResult extends Trial {
  readonly solved: boolean | null;
  readonly steps: number | null;
  readonly episodes: number | null;
  /** Time of training alone. */
  readonly seconds: number | null;
  readonly meanReturn100: number | null;
  /** Mean return of 100 greedy episodes at the end. */
  readonly finalReturn: number | null;
  readonly weightsSha256: string | null;
  /** Why it failed; empty if it did not. */
  readonly error: string;
}

/** Names a trial in one line. */
export function trialName(trial: Trial): string {
  return `${configurationName(trial)} seed=${trial.seed}`;
}

/** Runs a trial. Never throws: what goes wrong is the result's error. */
export async function runTrial({ changes, recipe, seed }: Trial): Promise<TrialResult> {
  const trial = { recipe, changes, seed };
  try {
    const training = new Training(parseConfig({ ...recipeConfig(recipe), ...changes, seed }));
    const start = performance.now();
    await runSlices(training);
    const seconds = (performance.now() - start) / 1000;
    const { episodes, solved, steps } = training;
    const meanReturn100 = training.meanReturn100();
    return {
      ...trial,
      solved,
      steps,
      episodes,
      seconds: Math.round(seconds * 1e6) / 1e6,
      meanReturn100: meanReturn100 === null ? null : withoutNoise(meanReturn100),
      finalReturn: withoutNoise(summarize(training.finalEvaluation().returns).mean),
      weightsSha256: await weightsSha256(training.weights()),
      error: "",
    };
  } catch (error) {
    return failedTrial(trial, error);
  }
}

/** The result of a trial that could not be run. */
export function failedTrial(trial: Trial, error: unknown): TrialResult {
  return {
    recipe: trial.recipe,
    changes: trial.changes,
    seed: trial.seed,
    solved: null,
    steps: null,
    episodes: null,
    seconds: null,
    meanReturn100: null,
    finalReturn: null,
    weightsSha256: null,
    error: oneLine(reasonOf(error)) || "unknown error",
  };
}

import { parseConfig } from "../config/config.ts";
import { recipeConfig } from "../config/recipes.ts";
import { summarize } from "../dqn/evaluation.ts";
import { runSlices } from "../dqn/runSlices.ts";
import { Training } from "../dqn/training.ts";
import { oneLine, reasonOf } from "../errors.ts";
import { weightsSha256 } from "../formats/policy.ts";
import type { Configuration } from "./configuration.ts";
import { configurationName, withoutRoundingError } from "./configuration.ts";

/** One run of a sweep. */
export interface Trial extends Configuration {
  readonly seed: number;
}

/** Result of a trial. Values are null if the trial failed or did not measure them. */
export interface TrialResult extends Trial {
  readonly solved: boolean | null;
  readonly steps: number | null;
  readonly episodes: number | null;
  /** Training time without the final evaluation. */
  readonly seconds: number | null;
  readonly meanReturn100: number | null;
  /** Mean return of 100 greedy episodes at the end. */
  readonly finalReturn: number | null;
  readonly weightsSha256: string | null;
  /** Reason of a failure; empty if the trial succeeded. */
  readonly error: string;
}

/** Name of a trial in one line. */
export function trialName(trial: Trial): string {
  return `${configurationName(trial)} seed=${trial.seed}`;
}

/** Runs a trial. Never throws: an error becomes the `error` of the result. */
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
      meanReturn100: meanReturn100 === null ? null : withoutRoundingError(meanReturn100),
      finalReturn: withoutRoundingError(summarize(training.finalEvaluation().returns).mean),
      weightsSha256: await weightsSha256(training.weights()),
      error: "",
    };
  } catch (error) {
    return failedTrial(trial, error);
  }
}

/** Result of a trial that failed. */
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

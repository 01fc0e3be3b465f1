import { oneLine, reasonOf } from "../errors.ts";
import { weightsSha256 } from "../policy/policy.ts";
import { type Config, parseConfig } from "../training/config.ts";
import { summarize } from "../training/evaluation.ts";
import { recipeConfig } from "../training/recipes.ts";
import { runSlices } from "../training/runSlices.ts";
import { Training } from "../training/training.ts";

/** One run of a sweep. */
export interface Trial {
  readonly recipe: string;
  /** What differs from the recipe. */
  readonly changes: Partial<Config>;
  readonly seed: number;
}

/** How a trial went; what is null is not known, because it failed or never came to it. */
export interface TrialResult {
  readonly recipe: string;
  readonly changes: Partial<Config>;
  readonly seed: number;
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

/** The configuration that a trial shares with those of other seeds, as text. */
export function configurationName({ changes, recipe }: Pick<Trial, "changes" | "recipe">): string {
  const parts = Object.entries(changes).map(([key, value]) => `${key}=${String(value)}`);
  return [recipe, ...parts].join(" ");
}

/** What tells a trial from every other. */
export function trialKey(trial: Pick<Trial, "changes" | "recipe" | "seed">): string {
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
    return {
      ...trial,
      solved,
      steps,
      episodes,
      seconds,
      meanReturn100: training.meanReturn100(),
      finalReturn: summarize(training.finalEvaluation().returns).mean,
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

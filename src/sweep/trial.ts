import { oneLine, reasonOf } from "../errors.ts";
import { type Configuration, configurationName } from "./configuration.ts";

/** Round of a search, after which a trial pauses. */
export interface Round {
  /** From 1. */
  readonly number: number;
  /** Environment steps at which the trial pauses. */
  readonly steps: number;
}

/** One run of a sweep. */
export interface Trial extends Configuration {
  readonly seed: number;
  /** Absent if the trial trains without a pause. */
  readonly round?: Round;
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
  const { round, seed } = trial;
  return `${configurationName(trial)} seed=${seed}${round ? ` round=${round.number}` : ""}`;
}

/** Result of a trial that failed. */
export function failedTrial(trial: Trial, error: unknown): TrialResult {
  return {
    recipe: trial.recipe,
    changes: trial.changes,
    seed: trial.seed,
    ...(trial.round && { round: trial.round }),
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

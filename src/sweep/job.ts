import { oneLine, RunError, shortened, show } from "../errors.ts";
import { identify } from "./configuration.ts";
import { readOutcome, readTrial } from "./readTrial.ts";
import type { Trial, TrialResult } from "./trial.ts";

/** What code runs a trial: results of other code are not comparable. It travels with each job and each result. */
interface Origin {
  readonly version: string;
  readonly environment: string;
}

/** A trial as it is put on a queue. */
export type Job = Trial & Origin;
/** A result as a worker sends it back. */
export type JobResult = TrialResult & Origin;

/** @throws RunError if the value is of another version or environment than these */
function refuseOther(what: string, value: unknown, version: string, environment: string): void {
  const origin = typeof value === "object" && value !== null ? (value as Partial<Origin>) : {};
  const text = (word: unknown) =>
    typeof word === "string" ? shortened(oneLine(word)) : show(word);
  if (origin.version !== version) {
    throw new RunError(`${what} must be of version ${version}, got ${text(origin.version)}.`);
  }
  if (origin.environment !== environment) {
    throw new RunError(
      `${what} must be of the environment ${environment}, got ${text(origin.environment)}.`,
    );
  }
}

export function writeJob({ changes, recipe, seed }: Trial, version: string): Job {
  return { recipe, changes, seed, version, environment: identify({ recipe, changes }).environment };
}

/** @throws UsageError if it is no trial, RunError if it is one for another version or environment */
export function readJob(value: unknown, version: string): Trial {
  const trial = readTrial(value);
  refuseOther("A trial from the queue", value, version, identify(trial).environment);
  return trial;
}

export function writeResult(result: TrialResult, version: string): JobResult {
  return { ...result, version, environment: identify(result).environment };
}

/** @throws RunError if it is no result, or one of another version or environment */
export function readResult(trial: Trial, version: string, value: unknown): TrialResult {
  refuseOther("A worker's result", value, version, identify(trial).environment);
  return readOutcome(trial, value);
}

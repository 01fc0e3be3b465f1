import { oneLine, RunError, shortened, show } from "../errors.ts";
import { identify } from "./configuration.ts";
import { readOutcome, readTrial } from "./readTrial.ts";
import type { Trial, TrialResult } from "./trial.ts";

/** Version and environment that run a trial. Each job and result names them, since results of others are not comparable. */
interface Origin {
  readonly version: string;
  readonly environment: string;
}

/** A trial on a queue. */
export type Job = Trial & Origin;
/** A result on a queue. */
export interface JobResult extends TrialResult, Origin {
  /** Steps that the job trained: fewer than `steps` if the trial continued from a checkpoint. */
  readonly trainedSteps: number;
}

/** @throws RunError unless the value names this version and environment */
function checkOrigin(what: string, value: unknown, version: string, environment: string): void {
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

export function writeJob(trial: Trial, version: string): Job {
  const { changes, recipe, round, seed } = trial;
  const { environment } = identify(trial);
  return { recipe, changes, seed, ...(round && { round }), version, environment };
}

/** @throws UsageError if the value is not a trial, RunError if it is for another version or environment */
export function readJob(value: unknown, version: string): Trial {
  const trial = readTrial(value);
  checkOrigin("A trial from the queue", value, version, identify(trial).environment);
  return trial;
}

export function writeResult(result: TrialResult, version: string, trainedSteps: number): JobResult {
  return { ...result, version, environment: identify(result).environment, trainedSteps };
}

/** @throws RunError if the value is not a result, or is of another version or environment */
export function readResult(trial: Trial, version: string, value: unknown): TrialResult {
  checkOrigin("A worker's result", value, version, identify(trial).environment);
  return readOutcome(trial, value);
}

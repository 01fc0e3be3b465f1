import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Config, configKeys } from "../config/config.ts";
import type { TrainingObserver } from "../dqn/observer.ts";
import type { Training } from "../dqn/training.ts";
import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { readBytes } from "../files/readFile.ts";
import { type Checkpoint, readCheckpoint, resumeTraining } from "../formats/checkpoint.ts";
import { checkpointName } from "./keptTrial.ts";
import type { Round } from "./trial.ts";

/** Identity of a trial's run. */
export interface TrialRun {
  readonly config: Config;
  /** Your own environment; undefined for a built-in one. */
  readonly own: EnvironmentSpec | undefined;
  readonly round: Round;
}

/** A trial that continues. */
export interface ResumedTrial {
  readonly training: Training;
  /** Training time of the rounds before. */
  readonly seconds: number;
}

/**
 * Resumes a trial from the checkpoint that the round before left in its folder. Returns null if the trial must train from its start, which
 * gives the same bits: without a checkpoint that fits, or if the environment cannot save its state.
 */
export function resumeTrial(
  folder: string,
  run: TrialRun,
  observer: TrainingObserver,
): ResumedTrial | null {
  const path = join(folder, checkpointName);
  if (run.round.number === 1 || !existsSync(path)) return null;
  try {
    const bytes = readBytes(path, { what: "checkpoint", most: 2 ** 32 });
    const checkpoint = readCheckpoint(bytes, path);
    if (!isOf(checkpoint, run)) return null;
    const training = resumeTraining(checkpoint, {}, observer, run.own);
    if (training.environmentStates() === null) return null;
    return { training, seconds: checkpoint.seconds };
  } catch {
    // A damaged file costs time, not the trial.
    return null;
  }
}

function isOf({ config, counters, environment }: Checkpoint, run: TrialRun): boolean {
  const same = (key: keyof Config) =>
    JSON.stringify(config[key]) === JSON.stringify(run.config[key]);
  return (
    configKeys.every(same) &&
    environment.hash === run.own?.hash &&
    counters.steps <= run.round.steps
  );
}

import { type Config, configKeys } from "../config/config.ts";
import type { TrainingObserver } from "../dqn/observer.ts";
import type { Training } from "../dqn/training.ts";
import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { type Checkpoint, readCheckpoint, resumeTraining } from "../formats/checkpoint.ts";
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
 * Resumes a trial from the checkpoint of the round before. Returns null if the trial must train from its start, which gives the same
 * bits: without a checkpoint that fits, or if the environment cannot save its state.
 * @param bytes the checkpoint file, which may be damaged; null if there is none
 */
export function resumeTrial(
  bytes: Uint8Array | null,
  run: TrialRun,
  observer: TrainingObserver,
): ResumedTrial | null {
  if (run.round.number === 1 || bytes === null) return null;
  try {
    const checkpoint = readCheckpoint(bytes);
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

import { chosenConfig } from "../config/chosenConfig.ts";
import { summarize } from "../dqn/evaluation.ts";
import type { TrainingObserver } from "../dqn/observer.ts";
import { runSlices } from "../dqn/runSlices.ts";
import { Training } from "../dqn/training.ts";
import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { oneLine, RunError, shortened } from "../errors.ts";
import { weightsSha256 } from "../formats/policy.ts";
import { findGame } from "../games/builtInGames.ts";
import type { Bytes } from "../typedArrays.ts";
import { identify, withoutRoundingError } from "./configuration.ts";
import { KeptTrial, readKeptCheckpoint } from "./keptTrial.ts";
import { resumeTrial } from "./resumeTrial.ts";
import { roundCheckpoint } from "./roundCheckpoint.ts";
import { failedTrial, type Trial, type TrialResult } from "./trial.ts";

/** Context of a thread's trials. */
export interface TrialSetting {
  /** Your own environments by their `versionedName`. */
  readonly environments: ReadonlyMap<string, EnvironmentSpec>;
  /** Folder for the trial's policy, curve and, between rounds, checkpoint; null to keep nothing. */
  readonly folder: string | null;
  /** Checkpoint of the round before, if there is no folder. */
  readonly checkpoint?: Uint8Array | null;
  /** Called at the end of a training that did not fail. */
  readonly onEnd?: (end: TrialEnd) => void;
}

/** Facts about the end of a trial, apart from its result. */
export interface TrialEnd {
  /** Steps that were trained, without those before the checkpoint. */
  readonly trainedSteps: number;
  /** Checkpoint for the next round, if there is no folder; null after the last round, or if none is possible. */
  readonly checkpoint: Bytes | null;
}

const plainSetting: TrialSetting = { environments: new Map(), folder: null };

/**
 * Returns the trial's environment, if it is not built in.
 * @throws RunError if it is not one of the loaded ones, for example because its module has changed
 */
export function findOwnEnvironment(
  trial: Trial,
  loaded: TrialSetting["environments"],
): EnvironmentSpec | undefined {
  const { environment } = identify(trial);
  const own = loaded.get(environment);
  if (own !== undefined) return own;
  if (!environment.includes("@")) return findGame(environment);
  const names = loaded.size === 0 ? "none" : [...loaded.keys()].join(", ");
  throw new RunError(
    `The trial needs the environment ${shortened(oneLine(environment))}, but this process has loaded ${names}: start it with --env and the same file.`,
  );
}

/** Runs a trial. Never throws: an error becomes the `error` of the result. */
export async function runTrial(
  { changes, recipe, round, seed }: Trial,
  { checkpoint = null, environments, folder, onEnd }: TrialSetting = plainSetting,
): Promise<TrialResult> {
  const trial = { recipe, changes, seed, ...(round && { round }) };
  try {
    const own = findOwnEnvironment(trial, environments);
    const observer: TrainingObserver = {};
    const config = chosenConfig(recipe, { ...changes, seed }, own);
    // The first round, and a trial without rounds, read no file.
    const isLater = round !== undefined && round.number > 1;
    const bytes = folder !== null && isLater ? readKeptCheckpoint(folder) : checkpoint;
    const resumed = round ? resumeTrial(bytes, { config, own, round }, observer) : null;
    const training = resumed?.training ?? new Training(config, observer, own);
    const secondsBefore = resumed?.seconds ?? 0;
    const stepsBefore = training.steps;
    const kept =
      folder === null ? null : new KeptTrial(folder, recipe, training, observer, secondsBefore);
    const isPaused = () =>
      round !== undefined && training.steps >= round.steps && !training.state.midStep;
    const start = performance.now();
    await runSlices(training, { onSlice: () => kept?.flush(), stop: isPaused });
    const seconds = secondsBefore + (performance.now() - start) / 1000;
    if (round !== undefined) kept?.saveCheckpoint(seconds);
    kept?.finish();
    const continues = round !== undefined && round.steps < (config.totalSteps ?? Infinity);
    const needsCheckpoint = continues && folder === null && onEnd !== undefined;
    onEnd?.({
      trainedSteps: training.steps - stepsBefore,
      checkpoint: needsCheckpoint ? roundCheckpoint(training, recipe, seconds) : null,
    });
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

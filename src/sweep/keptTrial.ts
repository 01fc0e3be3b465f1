import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { TrainingObserver } from "../dqn/observer.ts";
import type { Training } from "../dqn/training.ts";
import { attempt } from "../files/fileError.ts";
import { readBytes } from "../files/readFile.ts";
import { checkpointPieces } from "../formats/checkpoint.ts";
import { encodePolicy } from "../formats/policy.ts";
import { RunFolder } from "../runs/runFolder.ts";
import { RunLog } from "../runs/runLog.ts";
import { identify } from "./configuration.ts";
import type { Trial } from "./trial.ts";

/** Folder of a kept trial in the folder `trials` of a sweep: equal trials have equal folders. */
export function trialFolder(sweepFolder: string, trial: Trial): string {
  const id = identify(trial).id.slice(0, 8);
  return join(sweepFolder, "trials", `${trial.recipe}__${id}__${trial.seed}`);
}

/** Whether the folder holds a finished trial. */
export const isKept = (folder: string) => existsSync(join(folder, "policy.safetensors"));

/** Checkpoint of a trial that may continue in another round. */
export const checkpointName = "checkpoint.safetensors";

/** Returns the file of the trial's checkpoint; null if there is none that can be read. */
export function readKeptCheckpoint(folder: string): Uint8Array | null {
  const path = join(folder, checkpointName);
  try {
    return existsSync(path) ? readBytes(path, { what: "checkpoint", most: 2 ** 32 }) : null;
  } catch {
    // Costs time, not the trial.
    return null;
  }
}

/** Deletes the checkpoint of a trial that does not continue. */
export function removeCheckpoint(folder: string): void {
  const path = join(folder, checkpointName);
  attempt("delete", path, () => rmSync(path, { force: true }));
}

/** Writes a trial's policy and curves into a run folder, which `plot` and `evaluate` can read. */
export class KeptTrial {
  readonly #folder: RunFolder;
  readonly #training: Training;
  readonly #recipe: string;

  /** @param secondsBefore training time before the trial was resumed; 0 for a new trial */
  constructor(
    path: string,
    recipe: string,
    training: Training,
    observer: TrainingObserver,
    secondsBefore: number,
  ) {
    const isNew = training.steps === 0;
    const folder = isNew ? RunFolder.replace(path) : new RunFolder(path);
    if (!isNew) folder.rewind(training.state);
    this.#folder = folder;
    this.#recipe = recipe;
    this.#training = training;
    folder.writeConfig(recipe, training.config);
    folder.describeRun(recipe, training, {});
    const log = new RunLog(folder, training);
    const start = performance.now();
    const seconds = () => (performance.now() - start) / 1000;
    Object.assign(observer, {
      episode(record) {
        folder.addEpisode(record, secondsBefore + seconds());
        if (record.episode % training.config.logInterval === 0) {
          log.episode(training, record, seconds());
        }
      },
      evaluation: (evaluation, steps) => log.evaluation(steps, evaluation),
    } satisfies TrainingObserver);
  }

  flush(): void {
    this.#folder.flush();
  }

  /** Writes a checkpoint, from which the trial can continue. */
  saveCheckpoint(seconds: number): void {
    this.#folder.flush();
    this.#folder.write(checkpointName, checkpointPieces(this.#training, this.#recipe, seconds));
  }

  /** Writes the policy last: a folder with a policy is complete. */
  finish(): void {
    this.#folder.flush();
    const { finished } = this.#training;
    this.#folder.describeRun(this.#recipe, this.#training, { finished });
    this.#folder.write("policy.safetensors", encodePolicy(this.#training));
  }
}

import { cpus } from "node:os";
import { setActivity } from "../cli/activity.ts";
import { setStoppable, stopRequested } from "../cli/sharedWords.ts";
import { findDivergence } from "../dqn/divergence.ts";
import type { TrainingObserver } from "../dqn/observer.ts";
import { runSlices } from "../dqn/runSlices.ts";
import type { Training } from "../dqn/training.ts";
import { RunError } from "../errors.ts";
import { checkpointPieces } from "../formats/checkpoint.ts";
import { encodePolicy } from "../formats/policy.ts";
import { count } from "../numberText.ts";
import { LiveView } from "../terminal/liveView.ts";
import { Progress } from "../terminal/progress.ts";
import { packageVersion } from "./packageVersion.ts";
import type { RunFolder } from "./runFolder.ts";
import { RunLog } from "./runLog.ts";
import { describeSummary, summarizeRun } from "./summary.ts";

/** A run that is about to begin, or to go on. */
export interface Run {
  readonly recipe: string;
  readonly training: Training;
  /** The observer the training was made with, to be filled in. */
  readonly observer: TrainingObserver;
  readonly folder: RunFolder;
  /** Time that earlier parts of the run took. */
  readonly secondsBefore: number;
}

export interface RunOutput {
  readonly json: boolean;
  /** Steps between two checkpoints; null for the one at the end alone. */
  readonly checkpointEvery: number | null;
  /** Whether the live view shows the environment. */
  readonly render: boolean;
  /** Whether a run whose numbers have gone wrong goes on all the same. */
  readonly continueDiverged: boolean;
}

const LIVE_LINE_MILLISECONDS = 80;

/** Trains with live progress; leaves logs, checkpoints, the policy and a summary. Ctrl-C leaves a checkpoint. */
export async function runToItsEnd(run: Run, output: RunOutput): Promise<void> {
  const { checkpointEvery, json } = output;
  const { folder, recipe, training } = run;
  const { config } = training;
  const progress = new Progress(json ? process.stderr : process.stdout);
  const view = new LiveView(training, output.render);
  let seconds = 0;
  let sliceStart = 0;
  const elapsed = () => seconds + (performance.now() - sliceStart) / 1000;
  const policy = () => encodePolicy(training);
  let savedAt = -1;
  const saveCheckpoint = () => {
    savedAt = training.steps;
    folder.flush();
    const pieces = checkpointPieces(training, recipe, run.secondsBefore + seconds);
    folder.write("checkpoint.safetensors", pieces);
  };

  writeDescription(run);
  const log = new RunLog(folder, training);
  Object.assign(run.observer, {
    episode(record) {
      folder.addEpisode(record, run.secondsBefore + elapsed());
      if (progress.live) view.addEpisode(record.length);
      const position = config.logFirst ? record.episode - 1 : record.episode;
      if (position % config.logInterval !== 0) return;
      // Between two looks at the clock there may be many episodes: none is reported as if all were well.
      if (!output.continueDiverged) refuseDivergedRun(run);
      progress.episode(record, training.meanReturn100() ?? 0);
      log.episode(training, record, elapsed());
    },
    evaluation(evaluation, steps, best) {
      log.evaluation(steps, evaluation);
      if (best && findDivergence(training) === null) folder.write("best.safetensors", policy());
    },
    longestEpisode() {
      folder.write("longest.safetensors", policy());
    },
  } satisfies TrainingObserver);

  const atCheckpoint = () =>
    checkpointEvery !== null &&
    !training.state.midStep &&
    training.steps % checkpointEvery === 0 &&
    training.steps !== savedAt;
  setActivity(() => ` at step ${count(training.steps)}`);
  try {
    if (checkpointEvery !== null) saveCheckpoint();
    setStoppable(true);
    while (!training.finished && !stopRequested()) {
      sliceStart = performance.now();
      await runSlices(training, {
        milliseconds: LIVE_LINE_MILLISECONDS,
        stop: () => stopRequested() || atCheckpoint(),
        mayDiverge: output.continueDiverged,
        onSlice(milliseconds) {
          seconds += milliseconds / 1000;
          if (!output.continueDiverged) refuseDivergedRun(run);
          folder.flush();
          if (progress.live) showProgress(progress, view, training, seconds);
          sliceStart = performance.now();
        },
      });
      if (atCheckpoint()) saveCheckpoint();
    }
    folder.write("policy.safetensors", policy());
    saveCheckpoint();
  } finally {
    setStoppable(false);
    progress.finish();
  }

  if (!training.finished) {
    progress.line(
      `Interrupted at step ${count(training.steps)}. To go on: wasm-dqn train --resume ${folder.path}`,
    );
    process.exitCode = 130;
    return;
  }
  setActivity(() => " in the final evaluation");
  const summary = await summarizeRun(training, recipe, run.secondsBefore + seconds, folder.path);
  if (json) process.stdout.write(`${JSON.stringify(summary)}\n`);
  else for (const line of describeSummary(summary)) progress.line(line);
}

/** @throws RunError if the run has diverged; its newest checkpoint is from before that */
function refuseDivergedRun({ folder, training }: Run): void {
  const divergence = findDivergence(training);
  if (divergence === null) return;
  folder.flush();
  throw new RunError(`${divergence} What it left is in ${folder.path}.`);
}

function showProgress(progress: Progress, view: LiveView, training: Training, seconds: number) {
  const state = {
    steps: training.steps,
    episodes: training.episodes,
    meanReturn100: training.meanReturn100(),
    epsilon: training.epsilon(),
    seconds,
    share: training.fraction(),
  };
  progress.update(state, view.lines(progress.columns));
}

/** Writes what is run, and where: config.json, which --config takes, and run.json. */
function writeDescription({ folder, recipe, training }: Run): void {
  const { config } = training;
  folder.write("config.json", `${JSON.stringify({ recipe, ...config }, null, 2)}\n`);
  const machine = {
    version: packageVersion(),
    node: process.version,
    processor: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    platform: `${process.platform} ${process.arch}`,
  };
  const { backend, seed } = config;
  folder.writeDescription({ recipe, seed, backend, ...machine });
}

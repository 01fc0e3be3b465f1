import { findDivergence } from "../dqn/divergence.ts";
import type { TrainingObserver } from "../dqn/observer.ts";
import { runSlices } from "../dqn/runSlices.ts";
import type { Training } from "../dqn/training.ts";
import { winRates } from "../dqn/winRates.ts";
import { RunError } from "../errors.ts";
import { checkpointPieces } from "../formats/checkpoint.ts";
import { encodePolicy } from "../formats/policy.ts";
import { count } from "../numberText.ts";
import { LiveView } from "../terminal/liveView.ts";
import { Progress } from "../terminal/progress.ts";
import type { RunFolder } from "./runFolder.ts";
import { RunLog } from "./runLog.ts";
import { describeSummary, summarizeRun } from "./summary.ts";
import { winRateText } from "./winRateText.ts";

/** A run that starts or resumes. */
export interface Run {
  readonly recipe: string;
  readonly training: Training;
  /** The observer that the training was created with. `trainAndRecord` sets its callbacks. */
  readonly observer: TrainingObserver;
  readonly folder: RunFolder;
  /** Absolute path of the environment's module; null for a built-in environment. */
  readonly module: string | null;
  /** Training time before the run was resumed; 0 for a new run. */
  readonly secondsBefore: number;
}

/** The command that the run belongs to. */
export interface RunControl {
  stopRequested(): boolean;
  /** Called with true when training begins, from when on a request to stop saves a checkpoint, and with false when it ends. */
  setStoppable(stoppable: boolean): void;
  /** Sets the text that the error message adds if an environment ends the process. */
  setExitContext(describe: () => string): void;
}

export interface RunOptions {
  readonly control: RunControl;
  readonly json: boolean;
  /** Steps between two checkpoints; null for a single one at the end. */
  readonly checkpointEvery: number | null;
  /** Whether the live view shows the environment. */
  readonly render: boolean;
  /** Whether a diverged run continues. */
  readonly continueDiverged: boolean;
}

const LIVE_LINE_MILLISECONDS = 80;

/** Trains with live progress. Writes logs, checkpoints, the policy and a summary. A request to stop saves a checkpoint and ends the run. */
export async function trainAndRecord(run: Run, options: RunOptions): Promise<void> {
  const { checkpointEvery, continueDiverged, control, json } = options;
  const { folder, recipe, training } = run;
  const { config } = training;
  const progress = new Progress(json ? process.stderr : process.stdout);
  const view = new LiveView(training, options.render);
  let seconds = 0;
  let sliceStart = 0;
  let savedStep: number | null = null;
  const elapsed = () => seconds + (performance.now() - sliceStart) / 1000;
  const policy = () => encodePolicy(training);
  const saveCheckpoint = () => {
    folder.flush();
    const pieces = checkpointPieces(training, recipe, run.secondsBefore + seconds);
    folder.write("checkpoint.safetensors", pieces);
    savedStep = training.steps;
  };

  folder.writeConfig(recipe, config);
  folder.describeRun(recipe, training, run.module === null ? {} : { module: run.module });
  const log = new RunLog(folder, training);
  Object.assign(run.observer, {
    episode(record) {
      folder.addEpisode(record, run.secondsBefore + elapsed());
      if (progress.live) view.addEpisode(record.length);
      const position = config.logFirst ? record.episode - 1 : record.episode;
      if (position % config.logInterval !== 0) return;
      // A slice may hold many episodes: checks here too, so that no log line hides a divergence.
      if (!continueDiverged) refuseDivergedRun(run);
      progress.episode(record, training.meanReturn100() ?? 0);
      log.episode(training, record, elapsed());
    },
    evaluation(evaluation, steps, best) {
      log.evaluation(steps, evaluation);
      if (training.spec.players === 2)
        progress.winRates(steps, winRateText(winRates(evaluation.returns)));
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
    training.steps !== savedStep;
  control.setExitContext(() => ` after step ${count(training.steps)}`);
  try {
    if (checkpointEvery !== null) saveCheckpoint();
    control.setStoppable(true);
    while (!training.finished && !control.stopRequested()) {
      sliceStart = performance.now();
      await runSlices(training, {
        milliseconds: LIVE_LINE_MILLISECONDS,
        stop: () => control.stopRequested() || atCheckpoint(),
        mayDiverge: continueDiverged,
        onSlice(milliseconds) {
          seconds += milliseconds / 1000;
          if (!continueDiverged) refuseDivergedRun(run);
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
    control.setStoppable(false);
    progress.finish();
  }

  if (!training.finished) {
    progress.line(
      `Interrupted at step ${count(training.steps)}. To continue: wasm-dqn train --resume ${folder.path}`,
    );
    process.exitCode = 130;
    return;
  }
  control.setExitContext(() => " in the final evaluation");
  const summary = await summarizeRun(training, recipe, run.secondsBefore + seconds, folder.path);
  if (json) process.stdout.write(`${JSON.stringify(summary)}\n`);
  else for (const line of describeSummary(summary)) progress.line(line);
}

/** @throws RunError if the run has diverged. Its newest checkpoint is older than the divergence. */
function refuseDivergedRun({ folder, training }: Run): void {
  const divergence = findDivergence(training);
  if (divergence === null) return;
  folder.flush();
  throw new RunError(`${divergence} The logs and the last checkpoint are in ${folder.path}.`);
}

function showProgress(progress: Progress, view: LiveView, training: Training, seconds: number) {
  const state = {
    steps: training.steps,
    episodes: training.episodes,
    meanReturn100: training.meanReturn100(),
    epsilon: training.epsilon(),
    seconds,
    fraction: training.fraction(),
  };
  progress.update(state, view.lines(progress.columns));
}

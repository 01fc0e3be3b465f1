import type { TrialPool } from "../sweep/pool.ts";
import type { TrialQueue } from "../sweep/queue.ts";
import type { ResultsFile } from "../sweep/resultsFile.ts";
import type { Trial } from "../sweep/trial.ts";
import { exitProcess } from "./exitProcess.ts";
import { onStopSignals } from "./stopSignals.ts";
import type { SweepProgress } from "./sweepProgress.ts";

/** Runs trials: threads of this process, or workers on a queue. */
export type Runner = Pick<TrialPool, "lanes" | "run" | "close"> &
  Partial<Pick<TrialQueue, "withdraw">>;

/** Runs trials in `runner.lanes` parallel lanes and appends their results to the file. A signal ends the process. */
export async function runTrials(
  trials: readonly Trial[],
  runner: Runner,
  file: ResultsFile,
  progress: SweepProgress,
): Promise<void> {
  let ended = false;
  let interrupt: (value: "interrupted") => void = () => undefined;
  const interrupted = new Promise<"interrupted">((resolve) => {
    interrupt = resolve;
  });
  const removeHandlers = onStopSignals(
    () => interrupt("interrupted"),
    () => exitProcess(130),
  );
  const left = trials.values();
  const lane = async () => {
    for (const trial of left) {
      const result = await runner.run(trial);
      // Results that arrive after an interruption are incomplete.
      if (ended) return;
      file.add(result);
      progress.add(result);
    }
  };
  const lanes = Array.from({ length: Math.min(runner.lanes, trials.length) }, lane);
  try {
    const end = await Promise.race([Promise.all(lanes), interrupted]);
    ended = true;
    if (end === "interrupted") {
      await runner.withdraw?.();
      progress.line(
        `Interrupted. The finished trials are in ${file.path}. Run the same command again to continue.`,
      );
      exitProcess(130);
    }
  } finally {
    ended = true;
    removeHandlers();
    progress.finish();
    await runner.close();
  }
}

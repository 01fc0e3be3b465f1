import {
  bestTrial,
  type Halving,
  rankConfigurations,
  roundTrials,
  survivors,
} from "../sweep/halving.ts";
import { trialFolder } from "../sweep/keptTrial.ts";
import type { Trial, TrialResult } from "../sweep/trial.ts";
import type { SweepProgress } from "./sweepProgress.ts";

interface SearchSetting {
  /** Runs the trials without a result and returns the results of all. */
  runMissing(trials: readonly Trial[]): Promise<TrialResult[]>;
  /** Deletes the checkpoints of trials that do not continue. */
  discard(trials: readonly Trial[]): Promise<void>;
  /** Folder of the sweep, if the trials' run folders are in it. */
  readonly keep: string | null;
  readonly progress: SweepProgress;
}

/** Results of a sweep. */
export interface FoundResults {
  /** Results of the report: those of each configuration's last round, best first. */
  readonly shown: readonly TrialResult[];
  /** All trials, in the order of results.csv. */
  readonly all: readonly Trial[];
  /** Best trial of a search; null if there are no rounds, or if all trials failed. */
  readonly best: TrialResult | null;
  /** Run folder of the best trial; null on a queue. */
  readonly bestFolder: string | null;
}

/** Runs the rounds of successive halving. */
export async function search(
  halving: Halving,
  { discard, keep, progress, runMissing }: SearchSetting,
): Promise<FoundResults> {
  const all: Trial[] = [];
  let shown: TrialResult[] = [];
  let left = halving.configurations;
  for (let number = 1; ; number++) {
    progress.round(number, halving.rounds, left.length);
    const trials = roundTrials(halving, left, number);
    all.push(...trials);
    const ranked = rankConfigurations(await runMissing(trials));
    const isLast = number === halving.rounds;
    const kept = isLast ? ranked : survivors(halving, ranked);
    const ended = ranked.slice(kept.length).flat();
    await discard(ended);
    shown = [...ended, ...shown];
    left = kept.map(([first]) => ({ recipe: first!.recipe, changes: first!.changes }));
    if (isLast || kept.flat().every(({ error }) => error !== "")) {
      const best = bestTrial(kept[0]!);
      return {
        shown: [...kept.flat(), ...shown],
        all,
        best: best.error === "" ? best : null,
        bestFolder: keep === null ? null : trialFolder(keep, best),
      };
    }
  }
}

import { count, fixed, plain } from "../numberText.ts";
import { bootstrapInterval, interquartileMean, median, quantile } from "../numerics/statistics.ts";
import type { Mark, Panel, Point } from "../plots/chart.ts";
import { LOOKS } from "../plots/legend.ts";
import { configurationName, type TrialResult } from "./trial.ts";

/** What the seeds of one configuration came to. */
export interface ConfigurationSummary {
  readonly name: string;
  readonly trials: number;
  readonly failed: number;
  /** Of the trials with a criterion; null if there is none. */
  readonly solvedShare: number | null;
  /** Of the solved ones: median and quartiles of their steps. */
  readonly stepsToSolved: {
    readonly median: number;
    readonly low: number;
    readonly high: number;
  } | null;
  readonly medianSeconds: number | null;
  /** Interquartile mean of the final greedy return, with its 95 % bootstrap interval. */
  readonly finalReturn: {
    readonly mean: number;
    readonly low: number;
    readonly high: number;
  } | null;
}

function group(results: readonly TrialResult[]): Map<string, TrialResult[]> {
  const groups = new Map<string, TrialResult[]>();
  for (const result of results) {
    const name = configurationName(result);
    groups.set(name, [...(groups.get(name) ?? []), result]);
  }
  return groups;
}

/** Those that are numbers: NaN has no place in an order. */
const known = (values: readonly (number | null)[]): number[] =>
  values.filter((value): value is number => value !== null && !Number.isNaN(value));

function summarizeConfiguration(
  name: string,
  results: readonly TrialResult[],
): ConfigurationSummary {
  const whole = results.filter(({ error }) => error === "");
  const judged = whole.filter(({ solved }) => solved !== null);
  const solved = judged.filter((result) => result.solved === true);
  const steps = known(solved.map((result) => result.steps));
  const seconds = known(whole.map((result) => result.seconds));
  const returns = known(whole.map((result) => result.finalReturn));
  const [low = Number.NaN, high = Number.NaN] =
    returns.length > 0 ? bootstrapInterval([returns], interquartileMean) : [];
  return {
    name,
    trials: results.length,
    failed: results.length - whole.length,
    solvedShare: judged.length === 0 ? null : solved.length / judged.length,
    stepsToSolved:
      steps.length === 0
        ? null
        : { median: median(steps), low: quantile(steps, 0.25), high: quantile(steps, 0.75) },
    medianSeconds: seconds.length === 0 ? null : median(seconds),
    finalReturn: returns.length === 0 ? null : { mean: interquartileMean(returns), low, high },
  };
}

/** Configuration by configuration, in the order of the results. */
export function summarizeSweep(results: readonly TrialResult[]): ConfigurationSummary[] {
  return [...group(results)].map(([name, trials]) => summarizeConfiguration(name, trials));
}

/** The summary as a Markdown table. */
export function summaryTable(summaries: readonly ConfigurationSummary[]): string[] {
  const rows = summaries.map((summary) => {
    const { failed, finalReturn, medianSeconds, name, solvedShare, stepsToSolved, trials } =
      summary;
    const cells = [
      name,
      failed === 0 ? `${trials}` : `${trials}, ${failed} failed`,
      solvedShare === null ? "-" : `${fixed(100 * solvedShare, 1)}%`,
      stepsToSolved === null
        ? "-"
        : `${count(stepsToSolved.median)} (${count(stepsToSolved.low)} to ${count(stepsToSolved.high)})`,
      medianSeconds === null ? "-" : `${plain(medianSeconds)} s`,
      finalReturn === null
        ? "-"
        : `${fixed(finalReturn.mean, 1)} (${fixed(finalReturn.low, 1)} to ${fixed(finalReturn.high, 1)})`,
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return [
    "| configuration | trials | solved | steps to solved: median (quartiles) | median time | final return: interquartile mean (95%) |",
    "|---|---|---|---|---|---|",
    ...rows,
  ];
}

/** How many of a configuration's trials are solved by which step, and the final returns from the worst to the best. */
export function sweepPanels(results: readonly TrialResult[]): Panel[] {
  const groups = [...group(results)].slice(0, LOOKS);
  const end = known(results.map((result) => result.steps)).reduce((a, b) => Math.max(a, b), 1);
  const solved = groups.flatMap(([name, trials], color): Mark[] => {
    const steps = known(
      trials.filter((trial) => trial.solved === true).map((trial) => trial.steps),
    );
    if (steps.length === 0) return [];
    steps.sort((a, b) => a - b);
    const points = steps.flatMap((step, k): Point[] => [
      [step, k / trials.length],
      [step, (k + 1) / trials.length],
    ]);
    const last = steps.length / trials.length;
    return [{ kind: "line", color, name, points: [[0, 0], ...points, [end, last]] }];
  });
  const returns = groups.flatMap(([name, trials], color): Mark[] => {
    const sorted = known(trials.map((trial) => trial.finalReturn)).sort((a, b) => a - b);
    const points = sorted.map((value, k): Point => [(k + 0.5) / sorted.length, value]);
    return sorted.length === 0
      ? []
      : [{ kind: "line", color, name, points, dots: sorted.length <= 40 }];
  });
  const panels: Panel[] = [
    {
      title: "Solved by this step",
      x: { label: "environment steps", from: 0 },
      y: { label: "share", from: 0, to: 1 },
      marks: solved,
    },
    {
      title: "Final greedy return",
      x: { label: "share of the trials below", from: 0, to: 1 },
      y: { label: "" },
      marks: returns,
    },
  ];
  return panels.filter(({ marks }) => marks.length > 0);
}

/** What the panels do not show; empty if they show all. */
export function sweepCaption(results: readonly TrialResult[]): string {
  const all = group(results).size;
  return all > LOOKS ? `The first ${LOOKS} of ${count(all)} configurations.` : "";
}

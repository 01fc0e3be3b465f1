import type { Mark, Panel, Point } from "../plots/chart.ts";
import { LOOKS } from "../plots/legend.ts";
import { legendNames } from "./configuration.ts";
import { groupResults, known } from "./report.ts";
import type { TrialResult } from "./trial.ts";

/** Maximum number of configurations in a picture: more curves would be hard to distinguish. */
export const MOST_SHOWN = LOOKS;
/** Maximum number of points of a curve. */
const MOST_POINTS = 1_000;

/** Evenly chosen items, with the first and the last. */
function thinned<Item>(items: readonly Item[]): readonly Item[] {
  if (items.length <= MOST_POINTS) return items;
  const step = (items.length - 1) / (MOST_POINTS - 1);
  return Array.from({ length: MOST_POINTS }, (_, k) => items[Math.round(k * step)]!);
}

/**
 * Two panels of the first `MOST_SHOWN` configurations: the fraction of trials solved over steps, and the sorted final returns.
 */
export function sweepPanels(results: readonly TrialResult[]): Panel[] {
  const groups = groupResults(results).slice(0, MOST_SHOWN);
  const names = legendNames(groups.map(([first]) => first!));
  const end = known(results.map((result) => result.steps)).reduce((a, b) => Math.max(a, b), 1);
  const solved = groups.flatMap((trials, color): Mark[] => {
    const steps = known(
      trials.filter((trial) => trial.solved === true).map((trial) => trial.steps),
    );
    if (steps.length === 0) return [];
    steps.sort((a, b) => a - b);
    const risers = thinned(steps.map((step, k) => [step, k] as const));
    const points = risers.flatMap(([step, k]): Point[] => [
      [step, k / trials.length],
      [step, (k + 1) / trials.length],
    ]);
    const last = steps.length / trials.length;
    return [{ kind: "line", color, name: names[color]!, points: [[0, 0], ...points, [end, last]] }];
  });
  const returns = groups.flatMap((trials, color): Mark[] => {
    const sorted = known(trials.map((trial) => trial.finalReturn)).sort((a, b) => a - b);
    const points = thinned(sorted.map((value, k): Point => [(k + 0.5) / sorted.length, value]));
    return sorted.length === 0
      ? []
      : [{ kind: "line", color, name: names[color]!, points, dots: sorted.length <= 40 }];
  });
  const panels: Panel[] = [
    {
      title: "Solved by this step",
      x: { label: "environment steps", from: 0 },
      y: { label: "fraction of the trials", from: 0, to: 1 },
      marks: solved,
    },
    {
      title: "Final greedy return",
      x: { label: "fraction of the trials below", from: 0, to: 1 },
      y: { label: "" },
      marks: returns,
    },
  ];
  return panels.filter(({ marks }) => marks.length > 0);
}

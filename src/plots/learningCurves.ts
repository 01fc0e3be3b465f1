import { quantile } from "../numerics/statistics.ts";
import type { Mark, Panel, Point } from "./chart.ts";
import type { RunGroup } from "./runGroups.ts";
import type { Curve, RunCurves } from "./runRecord.ts";

/** Mean of each value and up to 99 values before it; NaN if one of them is not finite. */
function meanOf100({ steps, values }: Curve): Curve {
  let sum = 0;
  let unknown = 0;
  const means = values.map((value, k) => {
    const gone = k >= 100 ? values[k - 100]! : 0;
    // Values that are not finite stay out of the sum, which would otherwise stay NaN.
    if (Number.isFinite(value)) sum += value;
    else unknown++;
    if (Number.isFinite(gone)) sum -= gone;
    else unknown--;
    if (unknown > 0) return Number.NaN;
    if (!Number.isFinite(sum)) {
      sum = values.slice(Math.max(0, k - 99), k + 1).reduce((total, each) => total + each, 0);
    }
    return sum / Math.min(k + 1, 100);
  });
  return { steps, values: means };
}

/** Number of intervals of a median curve. */
const GRID = 160;

/** Value of the last point at or before a step; NaN before the first point. */
function valueAt({ steps, values }: Curve, step: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle]! <= step) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? Number.NaN : values[low - 1]!;
}

/**
 * Median and quartile band of several curves, from the step where all have started to `end`. There is a gap if fewer than half of the
 * values are finite.
 */
function summarizeCurves(
  curves: readonly Curve[],
  end: number,
  color: number,
  name: string,
): Mark[] {
  const start = curves.reduce((most, { steps }) => Math.max(most, steps[0]!), 0);
  const band: [number, number, number][] = [];
  const middle: Point[] = [];
  for (let k = 0; k <= GRID; k++) {
    const x = start + ((end - start) * k) / GRID;
    const values = curves.map((curve) => valueAt(curve, x)).filter(Number.isFinite);
    const known = 2 * values.length >= curves.length;
    const at = (fraction: number) => (known ? quantile(values, fraction) : Number.NaN);
    band.push([x, at(0.25), at(0.75)]);
    middle.push([x, at(0.5)]);
  }
  return [
    { kind: "band", color, points: band },
    { kind: "line", color, points: middle, name },
  ];
}

/** About `most` evenly chosen points of a curve, with its last one. */
function pointsOf({ steps, values }: Curve, most = 1_500): Point[] {
  const every = Math.ceil(steps.length / most);
  const points: Point[] = [];
  for (let k = 0; k < steps.length; k++) {
    if (k % every === 0 || k === steps.length - 1) points.push([steps[k]!, values[k]!]);
  }
  return points;
}

const panels: readonly { key: keyof RunCurves; title: string; smooth: boolean }[] = [
  { key: "returns", title: "Return of an episode", smooth: true },
  { key: "lengths", title: "Length of an episode", smooth: true },
  { key: "evaluations", title: "Greedy return", smooth: false },
  { key: "loss", title: "Loss", smooth: false },
  { key: "meanQ", title: "Mean Q-value", smooth: false },
  { key: "epsilon", title: "Epsilon", smooth: false },
];

/** Text for the number of runs in a group's median: "4 seeds", "3 of 4 seeds"; "runs" if a seed is repeated. */
function sizeOf({ excluded, runs }: RunGroup): string {
  const all = [...runs, ...excluded];
  const kind = new Set(all.map(({ seed }) => seed)).size === all.length ? "seeds" : "runs";
  return excluded.length === 0
    ? `${all.length} ${kind}`
    : `${runs.length} of ${all.length} ${kind}`;
}

const isSeveral = ({ excluded, runs }: RunGroup) => runs.length + excluded.length > 1;

/** Caption that explains the medians; empty without medians. */
export function captionOf(groups: readonly RunGroup[]): string {
  if (!groups.some(isSeveral)) return "";
  const rule =
    "Line and band: median and quartiles, up to the step that at least half of the runs reach. A finished run keeps its last value.";
  const thin = "Thin line: a run that ended early, excluded from the median.";
  return groups.some(({ excluded }) => excluded.length > 0) ? `${rule} ${thin}` : rule;
}

/**
 * Panels of learning curves. A single run shows each episode faintly and the mean of 100; several seeds show median and quartiles;
 * each configuration has its color. Panels without data are omitted.
 */
export function learningCurves(groups: readonly RunGroup[]): Panel[] {
  return panels.flatMap(({ key, smooth, title }) => {
    const marks = groups.flatMap((group, color): Mark[] => {
      const drawn = (runs: RunGroup["runs"]) =>
        runs
          .map(({ curves }) => curves[key])
          .filter(({ steps }) => steps.length > 0)
          .map((curve) => (smooth ? meanOf100(curve) : curve));
      const curves = drawn(group.runs).filter(({ steps }) => steps[0]! <= group.end);
      const thin = drawn(group.excluded).map(
        (curve): Mark => ({ kind: "line", color, points: pointsOf(curve), thin: true }),
      );
      const name = isSeveral(group) ? `${group.name}, ${sizeOf(group)}` : group.name;
      if (curves.length > 1) return [...thin, ...summarizeCurves(curves, group.end, color, name)];
      const [only] = curves;
      if (only === undefined) return thin;
      const strong: Mark = { kind: "line", color, points: pointsOf(only), name };
      const raw = smooth && groups.length === 1 ? group.runs.map((run) => run.curves[key]) : [];
      const faint = raw.map(
        (curve): Mark => ({ kind: "line", color, points: pointsOf(curve), faint: true }),
      );
      return [...thin, ...faint, strong];
    });
    if (marks.length === 0) return [];
    const label = smooth ? "mean of 100" : "";
    return [{ title, x: { label: "environment steps", from: 0 }, y: { label }, marks }];
  });
}

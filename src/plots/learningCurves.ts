import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { RunError } from "../errors.ts";
import { readText } from "../files/readFile.ts";
import { quantile } from "../numerics/statistics.ts";
import type { Mark, Panel, Point } from "./chart.ts";

/** A run as its folder tells it. */
export interface RunRecord {
  readonly name: string;
  readonly env: string;
  readonly recipe: string;
  readonly seed: number;
  /** Of each finished episode, over environment steps. */
  readonly returns: readonly Point[];
  readonly lengths: readonly Point[];
  readonly epsilon: readonly Point[];
  /** From metrics.jsonl, over environment steps. */
  readonly loss: readonly Point[];
  readonly meanQ: readonly Point[];
  readonly evaluations: readonly Point[];
}

function read(path: string): string {
  if (!existsSync(path)) throw new RunError(`There is no ${path}: expected the folder of a run.`);
  return readText(path, { what: "run's file", most: 2 ** 28 });
}

/**
 * Reads a run's folder.
 * @throws RunError if it is none, or its files are not what `train` wrote
 */
export function readRun(folder: string): RunRecord {
  const [header = "", ...rows] = read(join(folder, "episodes.csv")).trimEnd().split("\n");
  const columns = header.split(",");
  const cells = rows.map((row) => row.split(",").map(Number));
  const column = (name: string): Point[] => {
    const at = columns.indexOf(name);
    const steps = columns.indexOf("steps");
    if (at === -1 || steps === -1) {
      throw new RunError(`${join(folder, "episodes.csv")} has no column ${name}.`);
    }
    return whole(cells.map((row) => [row[steps] ?? Number.NaN, row[at] ?? Number.NaN]));
  };
  const config = parse(read(join(folder, "config.json")), join(folder, "config.json"));
  const metrics = read(join(folder, "metrics.jsonl"))
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => parse(line, join(folder, "metrics.jsonl")));
  const metric = (tag: string): Point[] =>
    whole(metrics.flatMap((row) => (tag in row ? [[number(row.step), number(row[tag])]] : [])));
  const word = (key: string): string => {
    const value = config[key];
    if (typeof value === "string") return value;
    throw new RunError(`${join(folder, "config.json")} does not say its ${key}.`);
  };
  return {
    name: basename(folder),
    env: word("env"),
    recipe: word("recipe"),
    seed: number(config.seed),
    returns: column("return"),
    lengths: column("length"),
    epsilon: column("epsilon"),
    loss: metric("train/loss"),
    meanQ: metric("train/q_mean"),
    evaluations: metric("eval/mean_reward"),
  };
}

function parse(text: string, file: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below, in a sentence.
  }
  throw new RunError(`${file} does not hold JSON objects.`);
}

/** Without the rows that do not say their step. */
const whole = (points: readonly Point[]) => points.filter(([step]) => Number.isFinite(step));

/** A number as it was logged: JSON has no NaN or infinity, such a one is null. */
function number(value: unknown): number {
  return typeof value === "number" ? value : Number.NaN;
}

/** The mean of each point and the up to 99 before it. */
function meanOf100(points: readonly Point[]): Point[] {
  let sum = 0;
  return points.map(([x, y], k) => {
    sum += y - (k >= 100 ? points[k - 100]![1] : 0);
    return [x, sum / Math.min(k + 1, 100)];
  });
}

const GRID = 160;

/** A curve's value at a place: that of the last point before it; NaN outside. */
function valueAt(points: readonly Point[], x: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle]![0] <= x) low = middle + 1;
    else high = middle;
  }
  return low === 0 || x > (points.at(-1)?.[0] ?? 0) ? Number.NaN : points[low - 1]![1];
}

/** Several curves as the median and the band between the quartiles, as far as at least half of them go. */
function summarizeCurves(
  curves: readonly (readonly Point[])[],
  color: number,
  name: string,
): Mark[] {
  const end = curves.reduce((most, curve) => Math.max(most, curve.at(-1)?.[0] ?? 0), 0);
  const band: [number, number, number][] = [];
  const middle: Point[] = [];
  for (let k = 1; k <= GRID; k++) {
    const x = (end * k) / GRID;
    const values = curves.map((curve) => valueAt(curve, x)).filter((value) => !Number.isNaN(value));
    if (2 * values.length < curves.length) {
      if (middle.length === 0) continue;
      break;
    }
    band.push([x, quantile(values, 0.25), quantile(values, 0.75)]);
    middle.push([x, quantile(values, 0.5)]);
  }
  return [
    { kind: "band", color, points: band },
    { kind: "line", color, points: middle, name },
  ];
}

/** Fewer points than can be told apart, each the first of its stretch. */
function thinned(points: readonly Point[], most = 1_500): readonly Point[] {
  const every = Math.ceil(points.length / most);
  return every <= 1 ? points : points.filter((_, k) => k % every === 0);
}

type Curve = Exclude<keyof RunRecord, "name" | "env" | "recipe" | "seed">;

const panels: readonly { key: Curve; title: string; smooth: boolean }[] = [
  { key: "returns", title: "Return of an episode", smooth: true },
  { key: "lengths", title: "Length of an episode", smooth: true },
  { key: "evaluations", title: "Greedy return", smooth: false },
  { key: "loss", title: "Loss", smooth: false },
  { key: "meanQ", title: "Mean Q-value", smooth: false },
  { key: "epsilon", title: "Epsilon", smooth: false },
];

/**
 * The panels of a picture of runs: a single run with each episode faint and the mean of 100 strong, several seeds of a recipe as
 * median and quartiles, several recipes each in its colour. Panels without data are left out.
 */
export function learningCurves(runs: readonly RunRecord[]): Panel[] {
  const groups = new Map<string, RunRecord[]>();
  const severalEnvironments = new Set(runs.map(({ env }) => env)).size > 1;
  for (const run of runs) {
    const key = severalEnvironments ? `${run.recipe}, ${run.env}` : run.recipe;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return panels.flatMap(({ key, smooth, title }) => {
    const marks = [...groups].flatMap(([name, group], index): Mark[] => {
      const color = index % 6;
      const curves = group.map((run) => run[key]).filter((curve) => curve.length > 0);
      if (curves.length === 0) return [];
      const smoothed = smooth ? curves.map(meanOf100) : curves;
      if (curves.length > 1) {
        return summarizeCurves(smoothed, color, `${name}, ${curves.length} seeds`);
      }
      const faint: Mark = { kind: "line", color, points: thinned(curves[0]!), faint: true };
      const strong: Mark = { kind: "line", color, points: thinned(smoothed[0]!), name };
      return smooth && groups.size === 1 ? [faint, strong] : [strong];
    });
    if (marks.length === 0) return [];
    const label = smooth ? "mean of 100" : "";
    return [{ title, x: { label: "environment steps", from: 0 }, y: { label }, marks }];
  });
}

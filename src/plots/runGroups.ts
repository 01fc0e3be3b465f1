import { defaults } from "../config/config.ts";
import { recipes } from "../config/recipes.ts";
import { oneLine, shortened } from "../errors.ts";
import { groupBy } from "../groupBy.ts";
import type { Curve, RunRecord } from "./runRecord.ts";

/** Runs of one configuration, usually with different seeds. */
export interface RunGroup {
  /** The recipe, then the values that differ from the recipe and from another group of the recipe. */
  readonly name: string;
  /** Runs whose median is drawn up to the step `end`. */
  readonly runs: readonly RunRecord[];
  /** Runs that ended before `end` without finishing: drawn thin, excluded from the median. */
  readonly excluded: readonly RunRecord[];
  readonly end: number;
}

/** Keys that do not separate groups: a group has several seeds, and the others only log or save. */
const irrelevant = ["recipe", "seed", "saveLongest", "logInterval", "logFirst", "tensorboard"];

/** Whether the value is one of the backends that give the same bits. */
const isExact = (key: string, value: unknown) => key === "backend" && value !== "wasm-fma";

/** Values that separate groups, as JSON by key. */
function settings(config: Readonly<Record<string, unknown>>): Map<string, string> {
  const all = Object.entries({ ...defaults, ...config });
  all.sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(
    all
      .filter(([key, value]) => !irrelevant.includes(key) && !isExact(key, value))
      .map(([key, value]) => [key, JSON.stringify(value) ?? ""]),
  );
}

const keyOf = (run: RunRecord) => JSON.stringify([...settings(run.config)]);

/** Whether one curve is the beginning of the other. */
function agree(a: Curve, b: Curve): boolean {
  const length = Math.min(a.steps.length, b.steps.length);
  for (let k = 0; k < length; k++) {
    if (a.steps[k] !== b.steps[k] || !Object.is(a.values[k], b.values[k])) return false;
  }
  return true;
}

/** Runs without duplicates, and messages that name the duplicates. */
export interface DistinctRuns {
  readonly runs: readonly RunRecord[];
  readonly notes: readonly string[];
}

/**
 * Removes duplicates: folders given twice, and runs with equal configuration, seed and returns, of which the longest stays. Runs with
 * equal configuration and seed but other returns are different, for example started from other weights.
 */
export function distinctRuns(runs: readonly RunRecord[]): DistinctRuns {
  const distinct: RunRecord[] = [];
  const repeated: string[] = [];
  for (const alike of groupBy(runs, (run) => `${run.seed} ${keyOf(run)}`)) {
    const kept: RunRecord[] = [];
    for (const run of alike) {
      const at = kept.findIndex((other) => isSame(other, run));
      const other = kept[at];
      if (other === undefined) {
        kept.push(run);
        continue;
      }
      const [first, again] = longer(run, other) ? [run, other] : [other, run];
      kept[at] = first;
      repeated.push(
        again.realPath === first.realPath
          ? `${again.folder} is given twice`
          : `${again.folder} repeats ${first.folder}`,
      );
    }
    distinct.push(...kept);
  }
  const notes = repeated.length === 0 ? [] : [`Counted once: ${repeated.join(", ")}.`];
  return { runs: distinct, notes };
}

/** Whether one run is the beginning of the other. Both have the same configuration and seed. */
const isSame = (a: RunRecord, b: RunRecord) =>
  a.realPath === b.realPath || agree(a.curves.returns, b.curves.returns);

const longer = (a: RunRecord, b: RunRecord) =>
  a.end > b.end || (a.end === b.end && a.finished && !b.finished);

/** A value for a legend: 64,64 for [64,64], 0.06 for 0.060000000000000005. */
function shown(json: string): string {
  const number = Number(json);
  const exact = Number.isFinite(number) ? String(Number(number.toPrecision(12))) : json;
  return shortened(oneLine(exact.replace(/^"|"$|^\[|\]$/g, "")));
}

/** Distinct names for the groups. */
function namesOf(groups: readonly (readonly RunRecord[])[]): string[] {
  const firsts = groups.map(([first]) => first!);
  const severalEnvironments = new Set(firsts.map(({ env }) => env)).size > 1;
  const all = firsts.map(({ config }) => settings(config));
  return firsts.map(({ env, recipe }, k) => {
    const others = all.filter((_, other) => firsts[other]!.recipe === recipe);
    const preset = recipes.find(({ name }) => name === recipe);
    const own = preset === undefined ? null : settings(preset.changes);
    const parts = [...all[k]!].flatMap(([key, value]) => {
      const differs = others.some((other) => other.get(key) !== value);
      return key === "env" || !differs || own?.get(key) === value ? [] : [`${key}=${shown(value)}`];
    });
    const name = [shortened(recipe), ...parts].join(" ");
    return severalEnvironments ? `${name}, ${shortened(env)}` : name;
  });
}

/**
 * Last step of a group's median: at least half of the runs have reached it, and it has the most data (runs x steps).
 *
 * The median has the same runs at every step, since a run that drops out would move it without any learning. So a shorter run that
 * finished keeps its last value, and a shorter run that did not finish is excluded from all steps.
 */
function commonEnd(runs: readonly RunRecord[]): number {
  const known = (end: number) => end * runs.filter((run) => run.finished || run.end >= end).length;
  return runs
    .map(({ end }) => end)
    .filter((end) => 2 * runs.filter((run) => run.end >= end).length >= runs.length)
    .reduce((best, end) => {
      const gain = known(end) - known(best);
      return gain > 0 || (gain === 0 && end > best) ? end : best;
    }, 0);
}

/** Groups runs by configuration. `runs` must not contain duplicates. */
export function groupRuns(runs: readonly RunRecord[]): RunGroup[] {
  const groups = groupBy(runs, keyOf);
  const names = namesOf(groups);
  return groups.map((group, k): RunGroup => {
    const end = commonEnd(group);
    const whole = ({ end: last, finished }: RunRecord) => finished || last >= end;
    return {
      name: names[k]!,
      runs: group.filter(whole),
      excluded: group.filter((run) => !whole(run)),
      end,
    };
  });
}

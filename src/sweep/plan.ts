import { type Config, defaults, parsePartial } from "../config/config.ts";
import { findRecipe } from "../config/recipes.ts";
import { shortened, UsageError } from "../errors.ts";
import { RandomStream } from "../numerics/random.ts";
import { type Configuration, identify } from "./configuration.ts";
import type { Trial } from "./trial.ts";
import { drawCombinations, isRange, type Values } from "./valueRange.ts";

/** Configurations and seeds of a sweep. */
export interface SweepPlan {
  readonly recipes: readonly string[];
  readonly seeds: readonly number[];
  /** Values by hyperparameter. */
  readonly values: Readonly<Record<string, Values>>;
  /** Number of distinct random combinations of the values; null for all combinations. */
  readonly samples: number | null;
}

/** Upper bounds that limit the memory and the time of planning. */
const MOST_TRIALS = 1_000_000;
const MOST_COMBINATIONS = 100_000;

/** Reads `1-100` or `1,5,7-9`. @throws UsageError for anything else, or more than a million seeds */
export function readSeeds(text: string): number[] {
  const seeds = new Set<number>();
  for (const part of text.split(",")) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part.trim());
    const first = Number(match?.[1]);
    const last = Number(match?.[2] ?? match?.[1]);
    const proper = match !== null && first <= last && last < 2 ** 32;
    if (!proper) {
      throw new UsageError(
        `--seeds must be numbers or ranges up to 4294967295, such as 1-100 or 1,5,7-9, got "${shortened(text)}".`,
      );
    }
    if (last - first >= MOST_TRIALS || seeds.size + last - first >= MOST_TRIALS) {
      throw new UsageError(`--seeds must be at most 1,000,000 seeds, got "${shortened(text)}".`);
    }
    for (let seed = first; seed <= last; seed++) seeds.add(seed);
  }
  return [...seeds];
}

function combinations(values: Readonly<Record<string, readonly unknown[]>>): Partial<Config>[] {
  return Object.entries(values).reduce<Partial<Config>[]>(
    (before, [key, options]) =>
      before.flatMap((combination) => options.map((value) => ({ ...combination, [key]: value }))),
    [{}],
  );
}

/** Draws distinct items with a partial shuffle. The seed is fixed, so equal sweeps draw the same items. */
function draw<Item>(items: readonly Item[], count: number): Item[] {
  const random = new RandomStream(new Uint32Array(4)).seed(1);
  const shuffled = [...items];
  const most = Math.min(count, items.length);
  for (let k = 0; k < most; k++) {
    const from = k + random.nextBelow(shuffled.length - k);
    const drawn = shuffled[from]!;
    shuffled[from] = shuffled[k]!;
    shuffled[k] = drawn;
  }
  return shuffled.slice(0, most);
}

/** Removes repeated values. */
function distinct(values: readonly unknown[]): unknown[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

/**
 * Configurations of a sweep without duplicates, by recipe, then by combination.
 * @throws UsageError for an unknown recipe or hyperparameter, an invalid value, or more than a million trials
 */
export function planConfigurations(plan: SweepPlan): Configuration[] {
  const { recipes } = plan;
  for (const recipe of recipes) findRecipe(recipe);
  const chosen = chooseCombinations(plan);
  const found = new Map<string, Configuration>();
  for (const recipe of recipes) {
    for (const changes of chosen) {
      const { id } = identify({ recipe, changes });
      refuseLoneThreshold(recipe, changes);
      if (!found.has(id)) found.set(id, { recipe, changes });
    }
  }
  return [...found.values()];
}

/** All combinations of the values, or a random selection. @throws UsageError see `planConfigurations` */
function chooseCombinations(plan: SweepPlan): Partial<Config>[] {
  const { recipes, samples, seeds } = plan;
  const lists: Record<string, readonly unknown[]> = {};
  const ranges: string[] = [];
  for (const [key, options] of Object.entries(plan.values)) {
    const given = isRange(options) ? [options.from, options.to] : options;
    for (const value of given) parsePartial({ [key]: value }, "--set");
    if (isRange(options)) ranges.push(key);
    else lists[key] = distinct(options);
  }
  if (ranges.length > 0) {
    if (samples === null) {
      throw new UsageError(`The range of --set ${ranges[0]} needs --sampler random.`);
    }
    refuseManyTrials(recipes.length * samples * seeds.length);
    return drawCombinations({ ...plan.values, ...lists }, samples);
  }
  const count = Object.values(lists).reduce((product, { length }) => product * length, 1);
  if (count > MOST_COMBINATIONS) {
    throw new UsageError(`--set must give at most 100,000 combinations of values, got ${count}.`);
  }
  refuseManyTrials(recipes.length * Math.min(count, samples ?? Infinity) * seeds.length);
  const all = combinations(lists);
  return samples === null ? all : draw(all, samples);
}

function refuseManyTrials(trials: number): void {
  if (trials <= MOST_TRIALS) return;
  throw new UsageError(`A sweep must have at most 1,000,000 trials, got ${trials}.`);
}

/** @throws UsageError if the configuration sets a threshold without a criterion */
function refuseLoneThreshold(recipe: string, { solvedBy, solvedThreshold }: Partial<Config>): void {
  if (solvedThreshold === undefined) return;
  if ((solvedBy ?? findRecipe(recipe).changes.solvedBy ?? defaults.solvedBy) !== "none") return;
  throw new UsageError("solvedThreshold needs solvedBy, such as evaluation.");
}

/**
 * Trials of a sweep: each configuration with each seed.
 * @throws UsageError see `planConfigurations`
 */
export function planTrials(plan: SweepPlan): Trial[] {
  return planConfigurations(plan).flatMap(({ changes, recipe }) =>
    plan.seeds.map((seed) => ({ recipe, changes, seed })),
  );
}

import { RandomStream } from "../agent/random.ts";
import { UsageError } from "../errors.ts";
import { type Config, parsePartial } from "../training/config.ts";
import { findRecipe } from "../training/recipes.ts";
import type { Trial } from "./trial.ts";

/** What a sweep is to try. */
export interface SweepPlan {
  readonly recipes: readonly string[];
  readonly seeds: readonly number[];
  /** For each key of the configuration the values to try. */
  readonly values: Readonly<Record<string, readonly unknown[]>>;
  /** How many combinations of values to draw at random, without repeating one; null for all of them. */
  readonly samples: number | null;
}

/** Reads `1-100` or `1,5,7-9`. @throws UsageError for anything else, or more than a million seeds */
export function readSeeds(text: string): number[] {
  const seeds = text.split(",").flatMap((part) => {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part.trim());
    const first = Number(match?.[1]);
    const last = Number(match?.[2] ?? match?.[1]);
    const proper = match !== null && first <= last && last < 2 ** 32 && last - first < 1e6;
    if (!proper) {
      throw new UsageError(
        `--seeds must be such as 1-100 or 1,5,7-9, up to 4294967295, got "${text}".`,
      );
    }
    return Array.from({ length: last - first + 1 }, (_, k) => first + k);
  });
  return [...new Set(seeds)];
}

function combinations(values: SweepPlan["values"]): Record<string, unknown>[] {
  return Object.entries(values).reduce<Record<string, unknown>[]>(
    (before, [key, options]) =>
      before.flatMap((combination) => options.map((value) => ({ ...combination, [key]: value }))),
    [{}],
  );
}

/** Some of them, each at most once, in the order drawn: the same for every sweep of the same values. */
function draw<Item>(items: readonly Item[], count: number): Item[] {
  const random = new RandomStream(new Uint32Array(4)).seed(1);
  const left = [...items];
  const drawn: Item[] = [];
  while (drawn.length < count && left.length > 0) {
    drawn.push(...left.splice(random.nextBelow(left.length), 1));
  }
  return drawn;
}

/**
 * The trials of a sweep, recipe by recipe, combination by combination, seed by seed.
 * @throws UsageError for an unknown recipe or key, or a value of the wrong kind
 */
export function planTrials({ recipes, samples, seeds, values }: SweepPlan): Trial[] {
  for (const recipe of recipes) findRecipe(recipe);
  const all = combinations(values);
  const chosen = samples === null ? all : draw(all, samples);
  const checked = chosen.map((changes): Partial<Config> => parsePartial(changes, "--set"));
  return recipes.flatMap((recipe) =>
    checked.flatMap((changes) => seeds.map((seed) => ({ recipe, changes, seed }))),
  );
}

import { createHash } from "node:crypto";
import { type Config, type ConfigKey, configKeys } from "../config/config.ts";
import { writeText } from "../config/configText.ts";
import { recipeConfig } from "../config/recipes.ts";
import { oneLine } from "../errors.ts";

/** Recipe and changes of a trial, without the seed. */
export interface Configuration {
  readonly recipe: string;
  /** Values that differ from the recipe. */
  readonly changes: Partial<Config>;
}

/** Identifies equal configurations, even if they are written differently. */
export interface ConfigurationIdentity {
  /** SHA-256 of the resolved configuration without its seed, as base64url. */
  readonly id: string;
  /** Environment of its trials. Results of different environments are not comparable. */
  readonly environment: string;
}

/** Cache by `changes` object. The trials of a sweep, up to 1,000,000, share these objects. */
const identities = new WeakMap<object, Map<string, ConfigurationIdentity>>();

/**
 * Identifies a configuration by its resolved values. A change equal to the recipe's value does not matter, nor does the recipe's name.
 * @throws UsageError for an unknown recipe
 */
export function identify({ changes, recipe }: Configuration): ConfigurationIdentity {
  const known = identities.get(changes) ?? new Map();
  const found = known.get(recipe);
  if (found !== undefined) return found;
  const config: Config = { ...recipeConfig(recipe), ...changes, seed: 0 };
  const text = JSON.stringify(configKeys.map((key) => [key, config[key]]));
  const id = createHash("sha256").update(text).digest("base64url");
  const identity = { id, environment: config.env };
  identities.set(changes, known.set(recipe, identity));
  return identity;
}

/** Rounds to 12 digits, which removes rounding errors such as 12.93000000000002 and keeps whole numbers exact. */
export function withoutRoundingError(value: number): number {
  return Number(value.toPrecision(12));
}

function valueText(value: Config[ConfigKey]): string {
  return writeText(typeof value === "number" ? withoutRoundingError(value) : value);
}

/** Name of a configuration in one line: its recipe and changes. */
export function configurationName({ changes, recipe }: Configuration): string {
  const parts = Object.entries(changes).map(([key, value]) => `${key}=${valueText(value)}`);
  return oneLine([recipe, ...parts].join(" "));
}

/** Short names for a legend, without a recipe or changes that all configurations share. */
export function legendNames(configurations: readonly Configuration[]): string[] {
  const [first] = configurations;
  if (first === undefined || configurations.length === 1)
    return configurations.map(configurationName);
  const sameRecipe = configurations.every(({ recipe }) => recipe === first.recipe);
  const text = ({ changes }: Configuration, key: string) =>
    JSON.stringify(changes[key as ConfigKey]);
  const shared = new Set(
    Object.keys(first.changes).filter((key) =>
      configurations.every((other) => text(other, key) === text(first, key)),
    ),
  );
  return configurations.map(({ changes, recipe }) => {
    const own = Object.entries(changes).filter(([key]) => !shared.has(key));
    const name = configurationName({ recipe, changes: Object.fromEntries(own) });
    return sameRecipe && own.length > 0 ? name.slice(recipe.length + 1) : name;
  });
}

import { createHash } from "node:crypto";
import { type Config, type ConfigKey, configKeys } from "../config/config.ts";
import { writeText } from "../config/configText.ts";
import { recipeConfig } from "../config/recipes.ts";
import { oneLine } from "../errors.ts";

/** What the trials of several seeds share. */
export interface Configuration {
  readonly recipe: string;
  /** What differs from the recipe. */
  readonly changes: Partial<Config>;
}

/** What tells a configuration from others, however it was written. */
export interface ConfigurationIdentity {
  /** SHA-256 of the resolved configuration without its seed, as base64url. */
  readonly id: string;
  /** The environment that its trials run in: results of another one are not comparable. */
  readonly environment: string;
}

/** Kept per `changes` object: the trials of a sweep share it, and a million of them ask. */
const identities = new WeakMap<object, Map<string, ConfigurationIdentity>>();

/**
 * Identifies a configuration by its resolved values. A value equal to the recipe's own, or another recipe with the same values,
 * gives the same identity.
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

/** 12 digits hide the rounding errors of sums, such as 12.93000000000002, and keep whole numbers exact. */
export function withoutNoise(value: number): number {
  return Number(value.toPrecision(12));
}

function valueText(value: Config[ConfigKey]): string {
  return writeText(typeof value === "number" ? withoutNoise(value) : value);
}

/** Names a configuration in one line: its recipe and the changes to it. */
export function configurationName({ changes, recipe }: Configuration): string {
  const parts = Object.entries(changes).map(([key, value]) => `${key}=${valueText(value)}`);
  return oneLine([recipe, ...parts].join(" "));
}

/** Short names for a legend: without the recipe, or the changes, that all of them share. */
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

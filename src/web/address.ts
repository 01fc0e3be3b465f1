import { type Config, type ConfigKey, configKeys, parsePartial } from "../config/config.ts";
import { readText, writeText } from "../config/configText.ts";
import { findRecipe, recipeConfig } from "../config/recipes.ts";

/** A run as a link describes it: a recipe and the values that differ from it. */
export interface Choice {
  readonly recipe: string;
  readonly changes: Partial<Config>;
}

/**
 * Reads the part of an address after `#`: `recipe=tanh-64&seed=7&gamma=0.95`.
 * @throws UsageError naming the first unknown recipe, unknown key or value out of range
 */
export function readAddress(hash: string): Choice {
  const { recipe = "solve", ...texts } = Object.fromEntries(new URLSearchParams(hash.slice(1)));
  findRecipe(recipe);
  const values = Object.entries(texts).map(([key, text]) => {
    const known = configKeys.find((candidate) => candidate === key);
    return [key, known === undefined ? text : readText(known, text)];
  });
  return { recipe, changes: parsePartial(Object.fromEntries(values), "the address") };
}

/** The address of a run. It holds only the values that differ from the recipe. */
export function writeAddress({ changes, recipe }: Choice): string {
  const given = recipeConfig(recipe);
  const parts = new URLSearchParams({ recipe });
  for (const [key, value] of Object.entries(changes) as [ConfigKey, Config[ConfigKey]][]) {
    if (String(value) !== String(given[key])) parts.set(key, writeText(value));
  }
  return `#${parts}`;
}

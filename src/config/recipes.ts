import { UsageError } from "../errors.ts";
import { type Config, defaults, frozen } from "./config.ts";
import { recipeTable } from "./recipeTable.ts";

/** Name of a recipe. */
export type RecipeName = (typeof recipeTable)[number]["name"];

/** A named configuration. `wasm-dqn/help` has its description and its source. */
export interface Recipe {
  readonly name: RecipeName;
  /** The values that differ from the defaults. */
  readonly changes: Partial<Config>;
}

/** All recipes, in the order of `wasm-dqn recipes`. */
export const recipes: readonly Recipe[] = frozen(recipeTable);

/** @throws UsageError for an unknown recipe */
export function findRecipe(name: string): Recipe {
  const recipe = recipes.find((candidate) => candidate.name === name);
  if (recipe === undefined) {
    const names = recipes.map((candidate) => candidate.name).join(", ");
    throw new UsageError(`recipe must be one of ${names}, got "${name}".`);
  }
  return recipe;
}

/** Returns a recipe's whole configuration, frozen: spread it to change values. @throws UsageError for an unknown recipe */
export function recipeConfig(name: RecipeName | (string & {})): Config {
  return frozen({ ...defaults, ...findRecipe(name).changes });
}

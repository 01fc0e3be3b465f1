import {
  type Config,
  type ConfigChanges,
  type ConfigKey,
  configKeys,
  parsePartial,
} from "../../config/config.ts";
import { readText, writeText } from "../../config/configText.ts";
import { findRecipe, recipeConfig } from "../../config/recipes.ts";
import { reasonOf } from "../../errors.ts";
import { findTab, tabOf, tabs } from "../tabs.ts";

/** A run as a link describes it: a recipe and the values that differ from it. */
export interface Choice {
  readonly recipe: string;
  readonly changes: ConfigChanges;
}

/** Contents of an address. */
export interface Address {
  readonly choice: Choice;
  /** Id of a guided experiment, or "". */
  readonly experiment: string;
  /** Parts of the page to leave out. */
  readonly hidden: readonly string[];
  /** A sentence about each part of the address that was ignored. */
  readonly problems: readonly string[];
}

/** Environment that a choice trains. */
export function environmentOf({ changes, recipe }: Choice): string {
  return changes.env ?? recipeConfig(recipe).env;
}

/** The choice with which an environment opens: the first preset of its tab. */
export function firstChoice(env: string): Choice {
  const [{ changes = {}, recipe }] = tabOf(env).presets;
  const first = { recipe, changes };
  const other = environmentOf(first) !== env && findTab(env) !== undefined;
  return other ? { recipe, changes: { ...changes, env } } : first;
}

/**
 * Reads the part of an address after `#`, such as `recipe=tanh-64&seed=7&gamma=0.95`. Without a recipe, the environment's first
 * preset. Ignores unknown keys and invalid values, and says so.
 */
export function readAddress(hash: string): Address {
  const texts = Object.fromEntries(new URLSearchParams(hash.slice(1)));
  const { hide = "", recipe, try: experiment = "", ...rest } = texts;
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, text] of Object.entries(rest)) {
    const known = configKeys.find((candidate) => candidate === key);
    try {
      const value = { [key]: known === undefined ? text : readText(known, text) };
      Object.assign(values, parsePartial(value, "the address"));
    } catch (error) {
      problems.push(reasonOf(error));
    }
  }
  let choice = firstChoice(typeof values.env === "string" ? values.env : tabs[0].env);
  try {
    if (recipe !== undefined) choice = { recipe: findRecipe(recipe).name, changes: {} };
  } catch (error) {
    problems.push(reasonOf(error));
  }
  return {
    choice: { recipe: choice.recipe, changes: { ...choice.changes, ...values } },
    experiment,
    hidden: hide === "" ? [] : hide.split(","),
    problems,
  };
}

/** Values of a choice that differ from its recipe. */
export function differences({ changes, recipe }: Choice): ConfigChanges {
  const given = recipeConfig(recipe);
  const differ = ([key, value]: [string, unknown]) =>
    String(value) !== String(given[key as ConfigKey]);
  return Object.fromEntries(Object.entries(changes).filter(differ));
}

/** The address of a run. It holds only the values that differ from the recipe. */
export function writeAddress(
  choice: Choice,
  { experiment = "", hidden = [] }: Partial<Pick<Address, "experiment" | "hidden">> = {},
): string {
  const parts = new URLSearchParams({ recipe: choice.recipe });
  for (const [key, value] of Object.entries(differences(choice))) {
    parts.set(key, writeText(value as Config[ConfigKey]));
  }
  if (experiment !== "") parts.set("try", experiment);
  if (hidden.length > 0) parts.set("hide", hidden.join(","));
  return `#${parts}`;
}

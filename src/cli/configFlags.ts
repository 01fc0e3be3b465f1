import { type Command, Option } from "commander";
import {
  type Config,
  type ConfigKey,
  configKeys,
  defaults,
  kindOf,
  parsePartial,
} from "../config/config.ts";
import { readText, writeText } from "../config/configText.ts";
import { parameterGroups, parameterHelp } from "../config/help.ts";
import type { Kind } from "../config/schema.ts";
import { reasonOf, UsageError } from "../errors.ts";
import { readText as readTextFile } from "../files/readFile.ts";

/** `learningRate` -> `learning-rate` */
function kebab(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Parses the values of a sweep's --set: separated by commas, or by slashes if each value is a list. */
export function readValues(key: ConfigKey, text: string): unknown[] {
  return text.split(kindOf(key).kind === "list" ? "/" : ",").map((value) => readText(key, value));
}

/** Placeholder of a flag's value in the help: `mse|huber`, `true|false`, `number`. */
function placeholder(kind: Kind): string {
  if (kind.kind === "choice") return kind.options.join("|");
  return { boolean: "true|false", list: "a,b,...", number: "number", text: "text" }[kind.kind];
}

/** Adds a flag for every hyperparameter, in groups. */
export function addConfigFlags(command: Command): void {
  for (const [title, table] of Object.entries(parameterGroups)) {
    for (const key of Object.keys(table) as ConfigKey[]) {
      const help = `${parameterHelp[key]} [${writeText(defaults[key])}]`;
      const option = new Option(`--${kebab(key)} <${placeholder(kindOf(key))}>`, help);
      command.addOption(option.helpGroup(`${title}:`));
    }
  }
}

function readConfigFile(path: string): { recipe: string | undefined; values: object } {
  const text = readTextFile(path, { what: "configuration file", most: 2 ** 20 });
  let values: unknown;
  try {
    // Some editors write a byte order mark.
    values = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (error) {
    throw new UsageError(`The configuration file ${path} is not JSON: ${reasonOf(error)}.`);
  }
  if (typeof values !== "object" || values === null || Array.isArray(values)) {
    throw new UsageError(`The configuration file ${path} must hold a JSON object.`);
  }
  const { recipe, ...rest } = values as Record<string, unknown>;
  if (recipe !== undefined && typeof recipe !== "string") {
    throw new UsageError(`recipe in ${path} must be a recipe's name.`);
  }
  return { recipe, values: rest };
}

/** Hyperparameters among the flags. @throws UsageError for an invalid value */
export function givenConfig(flags: Readonly<Record<string, unknown>>): Partial<Config> {
  const given: Record<string, unknown> = {};
  for (const key of configKeys) {
    const text = flags[key];
    if (typeof text === "string") given[key] = readText(key, text);
  }
  return parsePartial(given, "");
}

/**
 * Recipe and changes of a command line. Flags take precedence over the file, the file over the recipe.
 * @throws UsageError for an invalid value, RunError for a file that cannot be read
 */
export function changesFromFlags(
  flags: Readonly<Record<string, unknown>>,
  recipeFlag: string | undefined,
  file: string | undefined,
): { recipe: string; changes: Partial<Config> } {
  const fromFile = file === undefined ? undefined : readConfigFile(file);
  const recipe = recipeFlag ?? fromFile?.recipe ?? "solve";
  const values = fromFile && parsePartial(fromFile.values, file ?? "");
  return { recipe, changes: { ...values, ...givenConfig(flags) } };
}

import { type Command, Option } from "commander";
import { reasonOf, UsageError } from "../errors.ts";
import { readText as readTextFile } from "../files/readFile.ts";
import {
  type Config,
  type ConfigKey,
  configKeys,
  kindOf,
  parseConfig,
  parsePartial,
} from "../training/config.ts";
import { readText } from "../training/configText.ts";
import { parameterHelp } from "../training/help.ts";
import { recipeConfig } from "../training/recipes.ts";

/** `learningRate` -> `learning-rate` */
function kebab(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The values to try that a sweep's text lists: separated by commas, or by slashes where a value is itself a list. */
export function readValues(key: ConfigKey, text: string): unknown[] {
  return text.split(kindOf(key).kind === "list" ? "/" : ",").map((value) => readText(key, value));
}

/** Adds a flag for every configuration key, with the schema's kind of value. */
export function addConfigFlags(command: Command): void {
  for (const key of configKeys) {
    const { kind, nullable } = kindOf(key);
    const value = {
      list: "a,b,...",
      choice: "text",
      text: "text",
      number: "number",
      boolean: "boolean",
    }[kind];
    const none = nullable ? "; or none" : "";
    command.addOption(new Option(`--${kebab(key)} <${value}>`, parameterHelp[key] + none));
  }
}

function readConfigFile(path: string): { recipe: string | undefined; values: object } {
  const text = readTextFile(path, { what: "configuration file", most: 2 ** 20 });
  let values: unknown;
  try {
    // Some editors begin a file with a byte order mark.
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

/** The configuration values among the flags. @throws UsageError for one out of range */
export function givenConfig(flags: Readonly<Record<string, unknown>>): Partial<Config> {
  const given: Record<string, unknown> = {};
  for (const key of configKeys) {
    const text = flags[key];
    if (typeof text === "string") given[key] = readText(key, text);
  }
  return parsePartial(given, "");
}

/**
 * The configuration a command line asks for: the recipe's, changed by the file, changed by the flags.
 * @throws UsageError for anything out of range, RunError for a file that cannot be read
 */
export function configFromFlags(
  flags: Readonly<Record<string, unknown>>,
  recipeFlag: string | undefined,
  file: string | undefined,
): { recipe: string; config: Config } {
  const fromFile = file === undefined ? undefined : readConfigFile(file);
  const recipe = recipeFlag ?? fromFile?.recipe ?? "solve";
  const config = parseConfig({
    ...recipeConfig(recipe),
    ...(fromFile && parsePartial(fromFile.values, file ?? "")),
    ...givenConfig(flags),
  });
  return { recipe, config };
}

import type { Config, ConfigKey } from "../config/config.ts";
import { parameters } from "../config/parameters.ts";
import type { Kind } from "../config/schema.ts";

function limits(kind: Extract<Kind, { kind: "number" | "list" }>): string {
  const { above, below, max, min } = kind;
  const upper = max === Number.MAX_SAFE_INTEGER ? undefined : max;
  if (min !== undefined && upper !== undefined) return `from ${min} to ${upper}`;
  const parts = [
    above === undefined ? "" : `greater than ${above}`,
    min === undefined ? "" : `at least ${min}`,
    below === undefined ? "" : `less than ${below}`,
    upper === undefined ? "" : `at most ${upper}`,
  ];
  return parts.filter((part) => part !== "").join(", ");
}

/** Allowed numbers of a hyperparameter, such as "whole number, at least 1"; empty if its type says it all. */
export function rangeText(key: ConfigKey): string {
  const kind: Kind = parameters[key];
  if (kind.kind !== "number" && kind.kind !== "list") return "";
  if (kind.kind === "list") return `up to ${kind.most} whole numbers, each ${limits(kind)}`;
  const bounds = limits(kind);
  if (kind.whole) return `whole number, ${bounds}`;
  return bounds;
}

/** Type of a hyperparameter, as TypeScript writes it. `env` is an id that editors suggest, or any other text. */
export function typeText(key: ConfigKey): string {
  const kind: Kind = parameters[key];
  if (key === "env") return "EnvironmentId | (string & {})";
  const names = { text: "string", boolean: "boolean", number: "number", list: "readonly number[]" };
  const type =
    kind.kind === "choice"
      ? kind.options.map((option) => JSON.stringify(option)).join(" | ")
      : names[kind.kind];
  return kind.nullable ? `${type} | null` : type;
}

/** Default of a hyperparameter, as TypeScript writes it. */
export function defaultText(key: ConfigKey): string {
  const value: Config[ConfigKey] = parameters[key].default;
  return JSON.stringify(value).replaceAll(",", ", ");
}

/** Help, range and default of a hyperparameter as sentences. Editors show them. */
export function documentation(key: ConfigKey): string {
  const range = rangeText(key);
  const sentences = [
    parameters[key].help,
    ...(range === "" ? [] : [range]),
    `default: ${defaultText(key)}, unless the recipe sets another value`,
  ];
  return sentences.map((text) => `${text[0]!.toUpperCase()}${text.slice(1)}.`).join(" ");
}

import { type Config, type ConfigKey, kindOf } from "./config.ts";

function readNumber(text: string): number | string {
  return text.trim() !== "" && !Number.isNaN(Number(text)) ? Number(text) : text;
}

/** The value a key's text stands for, as flags and links write it; text that stands for none is left for the check to refuse. */
export function readText(key: ConfigKey, text: string): unknown {
  const { kind, nullable } = kindOf(key);
  if (nullable && text === "none") return null;
  if (kind === "number") return readNumber(text);
  if (kind === "boolean") return text === "true" ? true : text === "false" ? false : text;
  if (kind === "list") return text === "none" ? [] : text.split(",").map(readNumber);
  return text;
}

/** A value as `readText` reads it. */
export function writeText(value: Config[ConfigKey]): string {
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.join(",");
  return value === null ? "none" : String(value);
}

import { type Config, type ConfigKey, kindOf } from "./config.ts";

function readNumber(text: string): number | string {
  return text.trim() !== "" && !Number.isNaN(Number(text)) ? Number(text) : text;
}

/** Parses a key's value from a flag or link. Returns invalid text unchanged, so that validation can report it. */
export function readText(key: ConfigKey, text: string): unknown {
  const { kind, nullable } = kindOf(key);
  if (nullable && text === "none") return null;
  if (kind === "number") return readNumber(text);
  if (kind === "boolean") return text === "true" ? true : text === "false" ? false : text;
  if (kind === "list") return text === "none" ? [] : text.split(",").map(readNumber);
  return text;
}

/** Formats a value so that `readText` reads it back. */
export function writeText(value: Config[ConfigKey]): string {
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.join(",");
  return value === null ? "none" : String(value);
}

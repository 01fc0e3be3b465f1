import { UsageError } from "../errors.ts";

/** Parses a flag's value. @throws UsageError unless it is a whole number from `minimum` to `maximum` */
export function wholeNumber(flag: string, text: string, minimum: number, maximum: number): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isInteger(value) || value < minimum || value > maximum) {
    throw new UsageError(
      `${flag} must be a whole number from ${minimum} to ${maximum}, got "${text}".`,
    );
  }
  return value;
}

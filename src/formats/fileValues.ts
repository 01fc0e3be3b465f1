import { type Kinds, validate } from "../config/schema.ts";
import { RunError, shortened, show, UsageError } from "../errors.ts";

/** Returns the parsed JSON, or undefined if parsing fails. */
export function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

/** @throws RunError naming the file and the first of its `values` that does not fit its kind */
export function validateValues(kinds: Kinds, values: object, name: string): void {
  const problem = validate(kinds, values);
  if (problem === null) return;
  const { expected, key, value } = problem;
  throw new RunError(
    `${shortened(key)} in ${name} must be ${expected ?? "absent"}, got ${show(value)}.`,
  );
}

/** Runs `action` and reports a UsageError, which blames the caller, as a RunError that blames the file `name`. */
export function blameFile<Result>(name: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (error instanceof UsageError) throw new RunError(`In ${name}: ${error.message}`);
    throw error;
  }
}

/** What was asked cannot be: a flag, a configuration, a range, a memory plan. The command line exits with 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Something went wrong while doing it: a file, an environment. The command line exits with 1. */
export class RunError extends Error {
  override readonly name = "RunError";
}

/** A value as a message shows it: short, whatever it is. */
export function show(value: unknown): string {
  const text = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

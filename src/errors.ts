/** What was asked cannot be: a flag, a configuration, a range, a memory plan. The command line exits with 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";

  /** The message becomes one line, whatever has found its way into it. */
  constructor(message: string) {
    super(sentence(message));
  }
}

/** Something went wrong while doing it: a file, an environment. The command line exits with 1. */
export class RunError extends Error {
  override readonly name = "RunError";

  /** The message becomes one line, whatever has found its way into it. */
  constructor(message: string) {
    super(sentence(message));
  }
}

const LONGEST = 1_000;

/** A text from a file or a user's code as one line: nothing that a terminal would obey, and an end. */
export function oneLine(text: string): string {
  const line = text
    .slice(0, 2 * LONGEST)
    .replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+/gu, " ")
    .trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 3)}...` : line;
}

function sentence(message: string): string {
  const line = oneLine(String(message));
  return /[.!?]$/.test(line) ? line : `${line}.`;
}

/** A value as a message shows it: short, whatever it is. */
export function show(value: unknown): string {
  if (typeof value === "number") return String(value);
  try {
    const kind = Object.prototype.toString.call(value);
    if (typeof value === "object" && !/ (Object|Array|Null)]$/.test(kind)) return kind;
    return shortened(JSON.stringify(value) ?? String(value));
  } catch {
    // It goes round in circles, is deeper than the stack, or does not want to be shown.
    return `[${typeof value}]`;
  }
}

/** @throws UsageError that says what `name` must be, unless it fits */
export function refuseUnless(
  fits: boolean | undefined,
  name: string,
  expected: string,
  value: unknown,
): void {
  if (!fits) throw new UsageError(`${name} must be ${expected}, got ${show(value)}.`);
}

/** @throws UsageError unless `value` is an object, as options are */
export function refuseUnlessObject(value: unknown, name: string): void {
  refuseUnless(typeof value === "object" && value !== null, name, "an object", value);
}

/** @throws UsageError unless `signal` is an AbortSignal, or left out */
export function refuseUnlessSignal(signal: AbortSignal | undefined): void {
  const fits = signal === undefined || typeof signal?.throwIfAborted === "function";
  refuseUnless(fits, "signal", "an AbortSignal", signal);
}

/** A name or a text that may be of any length, as a message shows it. */
export function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** What was thrown, as words. */
export function reasonOf(thrown: unknown): string {
  if (typeof thrown === "string") return thrown;
  return thrown instanceof Error && typeof thrown.message === "string"
    ? thrown.message
    : show(thrown);
}

/** Does what a file asks for: where that cannot be, it is the file's fault and not its reader's. @throws RunError naming it */
export function saidBy<Result>(name: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (error instanceof UsageError) throw new RunError(`In ${name}: ${error.message}`);
    throw error;
  }
}

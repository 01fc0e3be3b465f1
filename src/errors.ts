/** Makes one line, ended by punctuation, of a message that may contain text from files or users. */
class OneSentenceError extends Error {
  constructor(message: string) {
    const line = oneLine(String(message));
    super(/[.!?]$/.test(line) ? line : `${line}.`);
  }
}

/** An invalid argument, flag, configuration or memory plan. The command line exits with 2. */
export class UsageError extends OneSentenceError {
  override readonly name = "UsageError";
}

/** A failure while running, such as a damaged file or a throwing environment. The command line exits with 1. */
export class RunError extends OneSentenceError {
  override readonly name = "RunError";
}

const MAX_LINE_LENGTH = 1_000;

/** Returns text from a file or a user as one line of bounded length, without control characters. */
export function oneLine(text: string): string {
  const line = text
    .slice(0, 2 * MAX_LINE_LENGTH)
    .replace(/[\p{Cc}\p{Cs}\p{Bidi_C}\p{Zl}\p{Zp}]+/gu, " ")
    .trim();
  return cut(line, MAX_LINE_LENGTH);
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 3)}...` : text;
}

/** Returns a short text for any value. */
export function show(value: unknown): string {
  if (typeof value === "number") return String(value);
  try {
    const kind = Object.prototype.toString.call(value);
    if (typeof value === "object" && !/ (Object|Array|Null)]$/.test(kind)) return kind;
    return shortened(JSON.stringify(value) ?? String(value));
  } catch {
    // A cycle, nesting deeper than the stack, or a throwing toJSON.
    return `[${typeof value}]`;
  }
}

/** @throws UsageError "`name` must be `expected`, got `value`." if `fits` is false */
export function refuseUnless(
  fits: boolean | undefined,
  name: string,
  expected: string,
  value: unknown,
): void {
  if (!fits) throw new UsageError(`${name} must be ${expected}, got ${show(value)}.`);
}

/** @throws UsageError unless `value` is a number of at least 0 */
export function refuseUnlessNotNegative(value: unknown, name: string): void {
  refuseUnless(typeof value === "number" && value >= 0, name, "a number of at least 0", value);
}

/** @throws UsageError unless `value` is an object */
export function refuseUnlessObject(value: unknown, name: string): void {
  const fits = typeof value === "object" && value !== null && !("length" in value);
  refuseUnless(fits, name, "an object", value);
}

/** @throws UsageError unless `signal` is an AbortSignal or undefined */
export function refuseUnlessSignal(signal: AbortSignal | undefined): void {
  const fits = signal === undefined || typeof signal?.throwIfAborted === "function";
  refuseUnless(fits, "signal", "an AbortSignal", signal);
}

/** Returns the text, cut to 60 characters. */
export function shortened(text: string): string {
  return cut(text, 60);
}

/** Returns the message of a thrown value. */
export function reasonOf(thrown: unknown): string {
  if (typeof thrown === "string") return thrown;
  return thrown instanceof Error && typeof thrown.message === "string"
    ? thrown.message
    : show(thrown);
}

/** First file and line in a stack outside of Node and of packages. */
const PLACE = /^(?!.*node[_:]).*?([^\s/\\(@:]+\.[cm]?[jt]sx?)(?:\?[^:\s]*)?:(\d+)/m;

/**
 * Returns `reasonOf(thrown)`, after the file and line that threw it if they are known: "snake.ts:41: out of food". Errors of this
 * library have no place.
 */
export function placedReason(thrown: unknown): string {
  const foreign = thrown instanceof Error && !(thrown instanceof OneSentenceError);
  const place = foreign && PLACE.exec(String(thrown.stack));
  return `${place ? `${place[1]}:${place[2]}: ` : ""}${reasonOf(thrown)}`;
}

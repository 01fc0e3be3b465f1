/** Allowed values of one key. A schema library would be too large for the browser build. */
export type Kind = Base & { readonly nullable?: true };

type Base =
  | Text
  | { readonly kind: "boolean" }
  | { readonly kind: "choice"; readonly options: readonly string[] }
  | ({ readonly kind: "number" } & Bounds)
  /** A list of up to `most` numbers. */
  | ({ readonly kind: "list"; readonly most: number } & Bounds);

/** Any text. `Known` are the values that an editor suggests. */
export interface Text<Known extends string = string> {
  readonly kind: "text";
  /** In the type only. */
  readonly known?: Known;
}

/** Bounds of a number, or of each number of a list. `min` and `max` are inclusive, `above` and `below` exclusive. */
interface Bounds {
  readonly whole?: true;
  readonly min?: number;
  readonly max?: number;
  readonly above?: number;
  readonly below?: number;
}

/** Schema of an object without nested objects: the allowed values of each key. */
export type Kinds = Readonly<Record<string, Kind>>;

/** Type of the objects that a schema accepts. */
export type Values<Of extends Kinds> = {
  readonly [Key in keyof Of]: Value<Of[Key]> | (Of[Key] extends { nullable: true } ? null : never);
};

type Value<Of extends Kind> = Of extends { kind: "choice"; options: readonly (infer Option)[] }
  ? Option
  : {
      text: Of extends Text<infer Known> ? Known | (string & {}) : never;
      boolean: boolean;
      number: number;
      list: readonly number[];
      choice: string;
    }[Of["kind"]];

/** First problem that `validate` finds. */
export interface Problem {
  readonly key: string;
  /** Allowed values; null for an unknown key. */
  readonly expected: string | null;
  readonly value: unknown;
}

function numberExpected({ above, below, max, min, whole }: Bounds, value: unknown): string | null {
  if (typeof value !== "number" || !Number.isFinite(value)) return "a number";
  if (whole && !Number.isInteger(value)) return "a whole number";
  if (min !== undefined && value < min) return `at least ${min}`;
  if (max !== undefined && value > max) return `at most ${max}`;
  if (above !== undefined && value <= above) return `greater than ${above}`;
  if (below !== undefined && value >= below) return `less than ${below}`;
  return null;
}

function expectedOf(kind: Kind, value: unknown): string | null {
  if (kind.nullable && value === null) return null;
  if (kind.kind === "number") return numberExpected(kind, value);
  if (kind.kind === "list") {
    const fits = Array.isArray(value) && value.length <= kind.most;
    return fits ? null : `a list of at most ${kind.most} whole numbers`;
  }
  if (kind.kind === "choice") {
    const found = kind.options.some((option) => option === value);
    return found ? null : `one of ${kind.options.join(", ")}`;
  }
  if (kind.kind === "text") {
    return typeof value === "string" ? null : "an id (pass your own game as environment)";
  }
  return typeof value === kind.kind ? null : `a ${kind.kind}`;
}

/**
 * Returns the first problem of an object: an unknown key or an invalid value; null if it is valid.
 * @param keys keys to validate; by default all keys of `kinds`, so that none may be missing
 */
export function validate(
  kinds: Kinds,
  values: object,
  keys: readonly string[] = Object.keys(kinds),
): Problem | null {
  const unknown = Object.keys(values).find((key) => !Object.hasOwn(kinds, key));
  if (unknown !== undefined) return { key: unknown, expected: null, value: undefined };
  for (const key of keys) {
    const kind = kinds[key]!;
    const value: unknown = (values as Record<string, unknown>)[key];
    const expected = expectedOf(kind, value);
    if (expected !== null) return { key, expected, value };
    if (kind.kind !== "list" || !Array.isArray(value)) continue;
    for (const [at, item] of value.entries()) {
      const wanted = numberExpected(kind, item);
      if (wanted !== null) return { key: `${key}.${at}`, expected: wanted, value: item };
    }
  }
  return null;
}

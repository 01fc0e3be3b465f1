// Without Intl, whose data takes 10 ms to load.

/** Numbers from LARGE on and below SMALL are written with an exponent. */
const LARGE = 1e15;
const SMALL = 1e-6;
/** Smaller numbers are shown as 0: they are rounding errors, such as 0.1 + 0.2 - 0.3. */
const ROUNDING_ERROR = 1e-12;

const withoutRoundingError = (value: number) => (Math.abs(value) < ROUNDING_ERROR ? 0 : value);

/** Text of NaN, of infinities and of numbers that need an exponent; null for all others. */
function unusual(value: number): string | null {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  return size >= LARGE || (size > 0 && size < SMALL) ? value.toExponential(2) : null;
}

/** Rounds to `digits` decimals and separates the thousands. */
function decimal(value: number, digits: number): string {
  const [whole = "", ...fraction] = value
    .toFixed(digits)
    .replace(/^-(?=[0.]*$)/, "")
    .split(".");
  return [whole.replace(/\B(?=(\d{3})+$)/g, ","), ...fraction].join(".");
}

/** Formats a count with thousands separators: 12,345. */
export function count(value: number): string {
  return unusual(value) ?? decimal(value, 0);
}

/**
 * Formats a measurement without trailing zeros: 12.93, 475, 0.000123, 1.20e+30. Rounds to 2 decimals, or to 3 significant digits if
 * that shows more.
 */
export function plain(value: number): string {
  const shown = withoutRoundingError(value);
  if (Math.abs(shown) < 1) return unusual(shown) ?? String(Number(shown.toPrecision(3)) + 0);
  return unusual(shown) ?? decimal(shown, 2).replace(/\.?0+$/, "");
}

/** Formats with `digits` decimals: 12.9, 475.0. A number that would round to 0 is formatted by `plain`. */
export function fixed(value: number, digits: number): string {
  const shown = withoutRoundingError(value);
  if (shown !== 0 && Math.abs(shown) < 0.5 * 10 ** -digits) return plain(shown);
  return unusual(shown) ?? decimal(shown, digits);
}

/** Formats a return with `digits` decimals, like `fixed`, or with 3 significant digits if it is below 1 and they show more: 0.123. */
export function score(value: number, digits: number): string {
  const shown = withoutRoundingError(value);
  if (shown === 0 || Math.abs(shown) >= 1) return fixed(value, digits);
  const [short, long] = [fixed(value, digits), plain(value)];
  return long.length > short.length ? long : short;
}

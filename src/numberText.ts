const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** Up to 2 decimals, more where a number has fewer than 3 significant digits with them. */
const rounded = new Intl.NumberFormat("en-US", {
  maximumFractionDigits: 2,
  maximumSignificantDigits: 3,
  roundingPriority: "morePrecision",
  signDisplay: "negative",
});

/** Numbers of at least this size, and those below SMALL, are written with an exponent. */
const LARGE = 1e15;
const SMALL = 1e-6;
/** Rounding errors of sums that cancel out, such as 0.1 + 0.2 - 0.3, are smaller than this: they are shown as 0. */
const NOTHING = 1e-12;

const settled = (value: number) => (Math.abs(value) < NOTHING ? 0 : value);

/** Text for NaN, infinities and numbers that are too long to read in full; null for all others. */
function unusual(value: number): string | null {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  return size >= LARGE || (size > 0 && size < SMALL) ? value.toExponential(2) : null;
}

/** A count with its thousands separated: 12,345. */
export function count(value: number): string {
  return unusual(value) ?? whole.format(value);
}

/** A measured number for people, rounded, without trailing zeros: 12.93, 475, 0.000123, 1.20e+30. */
export function plain(value: number): string {
  const shown = settled(value);
  return unusual(shown) ?? rounded.format(shown);
}

/** The same with `digits` decimals, for columns: 12.9, 475.0. A number that they would round to 0 is written as by `plain`. */
export function fixed(value: number, digits: number): string {
  const shown = settled(value);
  if (shown !== 0 && Math.abs(shown) < 0.5 * 10 ** -digits) return plain(shown);
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits } as const;
  return unusual(shown) ?? shown.toLocaleString("en-US", { ...options, signDisplay: "negative" });
}

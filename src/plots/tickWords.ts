/** A number in at most `digits` significant digits: 250, 12k, 1.5M, 2e-7. */
function word(value: number, digits: number): string {
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 1e12 || size < 1e-3) {
    return value.toExponential(digits - 1).replace(/\.?0*e\+?/, "e");
  }
  const [unit, name] = size >= 1e6 ? [1e6, "M"] : size >= 1e4 ? [1e3, "k"] : [1, ""];
  return `${Number((value / unit).toPrecision(digits))}${name}`;
}

/** Words for an axis's ticks, with as few digits as tell each from the others. */
export function tickWords(values: readonly number[]): string[] {
  for (let digits = 4; ; digits++) {
    const words = values.map((value) => word(value, digits));
    if (digits === 15 || new Set(words).size === new Set(values).size) return words;
  }
}

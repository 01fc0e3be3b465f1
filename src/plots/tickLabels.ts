/** Formats a number with at most `digits` significant digits: 250, 12k, 1.5M, 2e-7. */
function label(value: number, digits: number): string {
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 1e12 || size < 1e-3) {
    return value.toExponential(digits - 1).replace(/\.?0*e\+?/, "e");
  }
  const [unit, name] = size >= 1e6 ? [1e6, "M"] : size >= 1e4 ? [1e3, "k"] : [1, ""];
  return `${Number((value / unit).toPrecision(digits))}${name}`;
}

/** Labels of an axis's ticks, with as few digits as make them distinct. */
export function tickLabels(values: readonly number[]): string[] {
  for (let digits = 4; ; digits++) {
    const labels = values.map((value) => label(value, digits));
    if (digits === 15 || new Set(labels).size === new Set(values).size) return labels;
  }
}

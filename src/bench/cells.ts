import type { BenchRow } from "./bench.ts";
import type { Spread } from "./spread.ts";

/** Microseconds with three digits or more. */
export function microsecondsCell(value: number): string {
  return value.toFixed(value < 10 ? 3 : value < 1000 ? 1 : 0);
}

/** "17.1x (16.9 to 17.4)": median, 5th and 95th percentile. */
function ratioCell({ high, low, median }: Spread): string {
  const digits = median < 2 ? 2 : 1;
  return `${median.toFixed(digits)}x (${low.toFixed(digits)} to ${high.toFixed(digits)})`;
}

/** "76% (75 to 77)": median, 5th and 95th percentile; "-" if the share is unknown. */
function shareCell(spread: Spread | null): string {
  if (spread === null) return "-";
  const percent = (value: number) => Math.round(100 * value);
  return `${percent(spread.median)}% (${percent(spread.low)} to ${percent(spread.high)})`;
}

/** Heads of the columns that `comparisonCells` fills. */
export function comparisonHeads({ backends }: BenchRow): string[] {
  const [first, ...others] = backends.map(({ backend }) => backend);
  return ["GFLOP/s", "of peak", ...others.map((other) => `${other} / ${first}`)];
}

/** GFLOP/s of the first backend, its share of the peak, and the time of each other backend divided by its time. */
export function comparisonCells({ backends, peakFraction }: BenchRow): string[] {
  const [first, ...others] = backends;
  const gflops = first?.gflops ?? null;
  return [
    gflops === null ? "" : gflops.toFixed(1),
    gflops === null ? "" : shareCell(peakFraction),
    ...others.map(({ ratio }) => ratioCell(ratio)),
  ];
}

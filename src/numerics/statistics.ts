import { RandomStream } from "./random.ts";

/**
 * Interquartile mean of at least one number: the mean without the lowest and the highest quarter, each rounded down to whole
 * numbers (Agarwal et al. 2021).
 */
export function interquartileMean(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const aside = Math.floor(sorted.length / 4);
  const middle = sorted.slice(aside, sorted.length - aside);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}

/** Quantile of at least one value, interpolated linearly. No value may be NaN. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  // Without this, two infinities would give NaN.
  return at === below || low === high ? low : low + (at - below) * (high - low);
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/**
 * Stratified bootstrap interval (Agarwal et al. 2021). Each of `rounds` rounds resamples every stratum with replacement and computes
 * the statistic of all strata together. The interval holds the fraction `confidence` of the results. Equal inputs give equal
 * intervals.
 */
export function bootstrapInterval(
  strata: readonly (readonly number[])[],
  statistic: (values: readonly number[]) => number,
  { confidence = 0.95, rounds = 2_000 } = {},
): [low: number, high: number] {
  const random = new RandomStream(new Uint32Array(4)).seed(1);
  const found = Array.from({ length: rounds }, () =>
    statistic(
      strata.flatMap((values) => values.map(() => values[random.nextBelow(values.length)]!)),
    ),
  );
  const outside = (1 - confidence) / 2;
  return [quantile(found, outside), quantile(found, 1 - outside)];
}

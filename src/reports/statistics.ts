import { RandomStream } from "../agent/random.ts";

/**
 * The interquartile mean of at least one number: the mean of what is left when the lowest and the highest quarter, rounded down to
 * whole numbers of them, are put aside (Agarwal et al. 2021).
 */
export function interquartileMean(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const aside = Math.floor(sorted.length / 4);
  const middle = sorted.slice(aside, sorted.length - aside);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}

/** The number that a share of the values lies below, between two of them in proportion; at least one value, none of them NaN. */
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
 * A stratified bootstrap interval (Agarwal et al. 2021): each stratum is drawn anew from itself, with replacement, and the
 * statistic taken of all together, `rounds` times; between the quantiles that leave `1 - confidence` outside. The same numbers give
 * the same interval.
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

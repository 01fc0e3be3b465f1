import { quantile } from "../numerics/statistics.ts";

/** Median, 5th and 95th percentile of repeated measurements. */
export interface Spread {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

export function spreadOf(values: readonly number[]): Spread {
  return {
    low: quantile(values, 0.05),
    median: quantile(values, 0.5),
    high: quantile(values, 0.95),
  };
}

/**
 * Spread of `numerators[k] / denominators[k]`. Samples of one round were taken one after the other, so a change of the
 * processor's clock affects both and cancels out.
 */
export function spreadOfRatios(
  numerators: readonly number[],
  denominators: readonly number[],
): Spread {
  return spreadOf(numerators.map((value, k) => value / denominators[k]!));
}

import { RandomStream } from "./random.ts";

/**
 * Interquartile mean of at least one number (Agarwal et al. 2021): the mean without the lowest and the highest floor(n / 4) values.
 */
export function interquartileMean(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const aside = Math.floor(sorted.length / 4);
  const middle = sorted.slice(aside, sorted.length - aside);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}

/** Quantile of at least one value, with linear interpolation. No value may be NaN. */
export function quantile(values: ArrayLike<number>, fraction: number): number {
  const sorted = Float64Array.from(values).sort();
  const at = fraction * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  // Interpolating between two infinities would give NaN.
  return at === below || low === high ? low : low + (at - below) * (high - low);
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Maximum count for the bootstrap. Above it, the distribution of the mean is close to normal. */
const MOST_RESAMPLED = 2_000;

/**
 * 95% confidence interval of the interquartile mean of at least one number. Up to 2,000 numbers use the bootstrap of Agarwal et al.
 * (2021) with `rounds` resamples. More numbers use the mean +- 1.96 standard errors, from the winsorized variance (Tukey and
 * McLaughlin 1963). The result is deterministic.
 */
export function interquartileInterval(
  values: readonly number[],
  rounds = 2_000,
): [low: number, high: number] {
  if (values.length > MOST_RESAMPLED) return normalInterval(values);
  const found = resampledMeans(values, rounds);
  return [quantile(found, 0.025), quantile(found, 0.975)];
}

function normalInterval(values: readonly number[]): [low: number, high: number] {
  const size = values.length;
  const winsorized = Float64Array.from(values).sort();
  const aside = Math.floor(size / 4);
  winsorized.fill(winsorized[aside]!, 0, aside);
  winsorized.fill(winsorized[size - aside - 1]!, size - aside);
  const mean = winsorized.reduce((sum, value) => sum + value, 0) / size;
  const squares = winsorized.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  const error = (Math.sqrt(squares / (size - 1)) * Math.sqrt(size)) / (size - 2 * aside);
  const middle = interquartileMean(values);
  return [middle - 1.96 * error, middle + 1.96 * error];
}

/** Interquartile means of resamples. Counting the draws of each rank takes linear time; copies would need sorting. */
function resampledMeans(values: readonly number[], rounds: number): Float64Array {
  const size = values.length;
  const order = Uint32Array.from(values, (_, k) => k).sort((a, b) => values[a]! - values[b]!);
  const sorted = Float64Array.from(order, (k) => values[k]!);
  const ranks = new Uint32Array(size);
  order.forEach((k, rank) => {
    ranks[k] = rank;
  });
  const counts = new Uint32Array(size);
  const aside = Math.floor(size / 4);
  const random = new RandomStream(new Uint32Array(4)).seed(1);
  const found = new Float64Array(rounds);
  for (let round = 0; round < rounds; round++) {
    counts.fill(0);
    for (let k = 0; k < size; k++) counts[ranks[random.nextBelow(size)]!]!++;
    found[round] = middleSum(sorted, counts, aside) / (size - 2 * aside);
  }
  return found;
}

/** Sum of the counted values without the lowest and the highest `aside`. `counts` holds the multiplicity of each rank. */
function middleSum(sorted: Float64Array, counts: Uint32Array, aside: number): number {
  const end = sorted.length - aside;
  let sum = 0;
  let seen = 0;
  for (let rank = 0; seen < end; rank++) {
    const count = counts[rank]!;
    const from = Math.max(seen, aside);
    const to = Math.min(seen + count, end);
    if (to > from) sum += (to - from) * sorted[rank]!;
    seen += count;
  }
  return sum;
}

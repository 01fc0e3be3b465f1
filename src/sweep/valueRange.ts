import type { Config, ConfigKey } from "../config/config.ts";
import { kindOf } from "../config/config.ts";
import { RandomStream } from "../numerics/random.ts";

/** Range of a hyperparameter, from which the random sampler draws. */
export interface ValueRange {
  readonly from: number;
  readonly to: number;
}

/** Values of a hyperparameter: a list, or a range. */
export type Values = readonly unknown[] | ValueRange;

export const isRange = (values: Values): values is ValueRange => "from" in values;

/** Significant digits of a number from a range, which keep names of configurations short. */
const DIGITS = 4;
/** Draws in a row without a new combination after which all combinations count as drawn. */
const MOST_REPETITIONS = 1_000;

/** Draws log-uniformly if both ends are positive, else uniformly. */
function drawNumber(random: RandomStream, key: ConfigKey, { from, to }: ValueRange): number {
  const fraction = random.next();
  const value = from > 0 ? from * (to / from) ** fraction : from + (to - from) * fraction;
  const kind = kindOf(key);
  const whole = kind.kind === "number" && kind.whole === true;
  const rounded = whole ? Math.round(value) : Number(value.toPrecision(DIGITS));
  return Math.min(to, Math.max(from, rounded));
}

/** Draws distinct combinations, fewer than `count` if there are fewer. The seed is fixed, so equal sweeps draw the same ones. */
export function drawCombinations(
  values: Readonly<Record<string, Values>>,
  count: number,
): Partial<Config>[] {
  const random = new RandomStream(new Uint32Array(4)).seed(1);
  const drawn = new Map<string, Partial<Config>>();
  for (let repeated = 0; drawn.size < count && repeated < MOST_REPETITIONS; ) {
    const entries = Object.entries(values).map(([key, options]) => [
      key,
      isRange(options)
        ? drawNumber(random, key as ConfigKey, options)
        : options[random.nextBelow(options.length)],
    ]);
    const text = JSON.stringify(entries);
    repeated = drawn.has(text) ? repeated + 1 : 0;
    if (repeated === 0) drawn.set(text, Object.fromEntries(entries));
  }
  return [...drawn.values()];
}

import { describe, expect, it } from "vitest";
import { RandomStream } from "../../src/numerics/random.ts";
import {
  interquartileInterval,
  interquartileMean,
  quantile,
} from "../../src/numerics/statistics.ts";

describe("interquartileMean equals hand-computed values", () => {
  it.each([
    [[5], 5],
    [[1, 3], 2],
    [[9, 1, 2, 3], 2.5],
    [[0, 100, 1, 2, 3, 4, 5, -100], 2.5],
    [[1, 2, 3, 4, 5, 6, 7], 4],
  ])("%j", (values, expected) => expect(interquartileMean(values)).toBe(expected));
});

describe("quantile equals hand-computed values", () => {
  it.each([
    [[4, 1, 3, 2], 0.5, 2.5],
    [[4, 1, 3, 2], 0.25, 1.75],
    [[10, 20, 30], 0.75, 25],
    [[7], 0.9, 7],
    [[1, 2], 1, 2],
    [[1, Infinity], 0, 1],
    [[Infinity, Infinity], 0.5, Infinity],
  ])("%j at %f", (values, share, expected) => expect(quantile(values, share)).toBe(expected));
});

/** Reference: copies and sorts each resample. */
function resampledInterval(values: readonly number[], rounds: number) {
  const random = new RandomStream(new Uint32Array(4)).seed(1);
  const found = Array.from({ length: rounds }, () =>
    interquartileMean(values.map(() => values[random.nextBelow(values.length)]!)),
  );
  return [quantile(found, 0.025), quantile(found, 0.975)] as const;
}

describe("interquartileInterval", () => {
  const waves = (size: number) =>
    Array.from({ length: size }, (_, k) => Math.sin(k * k) * 500 - (k % 3));

  it.each([1, 3, 2_001])("is the number itself for %i equal numbers", (size) => {
    expect(interquartileInterval(Array.from({ length: size }, () => 3))).toEqual([3, 3]);
  });

  it("is exact for two numbers, whose resampled means are 0, 1/2 and 1 with probabilities 1/4, 1/2, 1/4", () => {
    expect(interquartileInterval([0, 1])).toEqual([0, 1]);
  });

  it.each([1, 2, 3, 4, 7, 8, 50, 401])("equals the reference for %i numbers", (size) => {
    const [low, high] = resampledInterval(waves(size), 300);
    const found = interquartileInterval(waves(size), 300);
    expect(found[0]).toBeCloseTo(low, 9);
    expect(found[1]).toBeCloseTo(high, 9);
  });

  it("is within 5% of the reference for more than 2,000 numbers", () => {
    const values = waves(2_001);
    const [low, high] = resampledInterval(values, 2_000);
    const found = interquartileInterval(values);
    expect(Math.abs(found[0] - low)).toBeLessThan(0.05 * (high - low));
    expect(Math.abs(found[1] - high)).toBeLessThan(0.05 * (high - low));
  });
});

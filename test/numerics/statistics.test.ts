import { describe, expect, it } from "vitest";
import { bootstrapInterval, interquartileMean, quantile } from "../../src/numerics/statistics.ts";

describe("interquartileMean, by hand", () => {
  it.each([
    [[5], 5],
    [[1, 3], 2],
    [[9, 1, 2, 3], 2.5],
    [[0, 100, 1, 2, 3, 4, 5, -100], 2.5],
    [[1, 2, 3, 4, 5, 6, 7], 4],
  ])("%j", (values, expected) => expect(interquartileMean(values)).toBe(expected));
});

describe("quantile, by hand", () => {
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

describe("bootstrapInterval", () => {
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;

  it("of numbers that are all the same is that number", () => {
    expect(bootstrapInterval([[3, 3, 3]], mean)).toEqual([3, 3]);
  });

  it("of two numbers: their means are 0, 1/2 and 1 with chances 1/4, 1/2, 1/4", () => {
    expect(bootstrapInterval([[0, 1]], mean)).toEqual([0, 1]);
    expect(bootstrapInterval([[0, 1]], mean, { confidence: 0.4 })).toEqual([0.5, 0.5]);
  });

  it("draws each stratum from itself: numbers that differ between strata alone do not vary", () => {
    expect(
      bootstrapInterval(
        [
          [0, 0, 0],
          [12, 12, 12],
        ],
        mean,
      ),
    ).toEqual([6, 6]);
  });

  it("of many normal-like numbers is about 1.96 standard errors wide on each side", () => {
    const values = Array.from({ length: 400 }, (_, k) => ((k * 37) % 400) / 400);
    const [low, high] = bootstrapInterval([values], mean);
    const error = Math.sqrt(1 / 12 / 400);
    expect(high - low).toBeGreaterThan(1.8 * 1.96 * error);
    expect(high - low).toBeLessThan(2.2 * 1.96 * error);
    expect(bootstrapInterval([values], mean)).toEqual([low, high]);
  });
});

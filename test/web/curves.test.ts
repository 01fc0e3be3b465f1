import { expect, it } from "vitest";
import { Points } from "../../src/web/points.ts";
import { RollingMean } from "../../src/web/rollingMean.ts";

it("keeps a few evenly spaced points of a curve, in order", () => {
  const points = new Points();
  for (let k = 0; k < 100_000; k++) points.add(k, 2 * k);
  expect(points.xs.length).toBeLessThan(1500);
  expect(points.xs.length).toBeGreaterThan(700);
  const gaps = points.xs.slice(1).map((x, k) => x - points.xs[k]!);
  expect(new Set(gaps).size).toBe(1);
  expect(points.ys).toEqual(points.xs.map((x) => 2 * x));
  expect(points.xs.at(-1)).toBeGreaterThan(99_000);
});

it("averages the last 100 values, or all if there are fewer", () => {
  const mean = new RollingMean();
  expect(mean.add(4)).toBe(4);
  expect(mean.add(8)).toBe(6);
  for (let k = 0; k < 98; k++) mean.add(6);
  expect(mean.add(4)).toBe(6);
  expect(mean.add(108)).toBe(7);
});

import { expect, it } from "vitest";
import { Points } from "../../src/web/state/points.ts";

it("keeps a few evenly spaced points of a curve, in order", () => {
  const points = new Points();
  for (let k = 0; k < 100_000; k++) points.add(k, 2 * k);
  expect(points.xs.length).toBeLessThan(800);
  expect(points.xs.length).toBeGreaterThan(380);
  const gaps = points.xs.slice(1).map((x, k) => x - points.xs[k]!);
  expect(new Set(gaps).size).toBe(1);
  expect(points.ys).toEqual(points.xs.map((x) => 2 * x));
  expect(points.xs.at(-1)).toBeGreaterThan(99_000);
});

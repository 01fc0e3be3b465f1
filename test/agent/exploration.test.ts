import { expect, it } from "vitest";
import { linearEpsilon } from "../../src/agent/exploration.ts";

it("holds, falls in a straight line, and holds again", () => {
  const epsilon = (step: number) => linearEpsilon(step, 1, 0.1, 1000, 18_000);
  expect(epsilon(0)).toBe(1);
  expect(epsilon(1000)).toBe(1);
  expect(epsilon(1001)).toBeCloseTo(1 - 5e-5, 12);
  expect(epsilon(10_000)).toBeCloseTo(0.55, 12);
  expect(epsilon(19_000)).toBe(0.1);
  expect(epsilon(1e9)).toBe(0.1);
});

it("may rise, and may jump", () => {
  expect(linearEpsilon(5, 0, 1, 0, 10)).toBe(0.5);
  expect(linearEpsilon(0, 1, 0.2, 0, 0)).toBe(1);
  expect(linearEpsilon(1, 1, 0.2, 0, 0)).toBe(0.2);
});

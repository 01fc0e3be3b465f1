import { expect, it } from "vitest";
import { spreadOf, spreadOfRatios } from "../../src/bench/spread.ts";

it("gives the 5th, 50th and 95th percentile, whatever the order of the samples", () => {
  const samples = Array.from({ length: 101 }, (_, k) => 100 - k);
  expect(spreadOf(samples)).toEqual({ low: 5, median: 50, high: 95 });
});

it("interpolates between samples", () => {
  const { high, low, median } = spreadOf([10, 20]);
  expect([low, median, high]).toEqual([10.5, 15, 19.5]);
});

it("compares samples of the same round, so that a change of the clock cancels out", () => {
  const clock = [1, 2, 5, 3];
  const slow = clock.map((factor) => 6 * factor);
  const fast = clock.map((factor) => 2 * factor);
  expect(spreadOfRatios(slow, fast)).toEqual({ low: 3, median: 3, high: 3 });
});

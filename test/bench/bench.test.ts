import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { type BenchRow, reportOf } from "../../src/bench/bench.ts";
import { comparisonCells, comparisonHeads, microsecondsCell } from "../../src/bench/cells.ts";
import type { Spread } from "../../src/bench/spread.ts";

const spread = (median: number): Spread => ({ low: 0.9 * median, median, high: median });

const row = (name: string, peakFraction: Spread | null): BenchRow => ({
  name,
  backends: [
    { backend: "wasm", microseconds: 2, gflops: 50, ratio: spread(1) },
    { backend: "js", microseconds: 40, gflops: 2.5, ratio: spread(20) },
  ],
  peakFraction,
});

const measured = (...shares: (number | null)[]) =>
  shares.map((share, k) => ({
    row: row(`row ${k}`, share === null ? null : spread(share)),
    peaks: share === null ? [] : [60, 61, 62],
  }));

it("reports the median of the peak's samples and the share of every row", () => {
  const report = reportOf(measured(0.5, 1.02, null));
  expect(report).toMatchObject({ peakGflops: 61, peakFailure: null });
  expect(report.rows.map(({ peakFraction }) => peakFraction?.median)).toEqual([
    0.5,
    1.02,
    undefined,
  ]);
});

it("reports no share and no peak if one row is above 102% of the peak", () => {
  const report = reportOf(measured(0.5, 1.03, 3.62, null));
  expect(report.peakGflops).toBeNull();
  expect(report.rows.map(({ peakFraction }) => peakFraction)).toEqual([null, null, null, null]);
  expect(report.peakFailure).toBe(
    'The measurement of the peak failed: "row 2" ran at 362% of it. No share of the peak is shown.',
  );
});

it("shows a share above 102% nowhere, not even as a 95th percentile", () => {
  const noisy = [{ row: row("noisy", { low: 0.9, median: 1, high: 1.1 }), peaks: [60] }];
  expect(reportOf(noisy).rows[0]!.peakFraction).toBeNull();
});

it("prints medians with the percentiles in brackets", () => {
  expect(comparisonHeads(row("a", null))).toEqual(["GFLOP/s", "of peak", "js / wasm"]);
  expect(comparisonCells(row("a", { low: 0.75, median: 0.761, high: 0.77 }))).toEqual([
    "50.0",
    "76% (75 to 77)",
    "20.0x (18.0 to 20.0)",
  ]);
});

it("prints a dash for an unknown share, and nothing for a row without matrix products", () => {
  const known = row("a", null);
  expect(comparisonCells(known)[1]).toBe("-");
  const backends = known.backends.map((speed) => ({ ...speed, gflops: null }));
  expect(comparisonCells({ ...known, backends }).slice(0, 2)).toEqual(["", ""]);
});

it("prints microseconds with at least three digits", () => {
  expect([0.1194, 47.31, 10_513.4].map(microsecondsCell)).toEqual(["0.119", "47.3", "10513"]);
});

it("multiplies and adds ordinary numbers: denormal and infinite ones may be slower", async () => {
  const { instance } = await WebAssembly.instantiate(readFileSync("build/peak.wasm"));
  const { fillValues, multiplyAddPeak } = instance.exports as {
    fillValues(): void;
    multiplyAddPeak(rounds: number): number;
  };
  expect(multiplyAddPeak(200)).toBe(0);
  fillValues();
  expect(Math.abs(multiplyAddPeak(200))).toBeGreaterThan(1);
  expect(Math.abs(multiplyAddPeak(200))).toBeLessThan(1e6);
});

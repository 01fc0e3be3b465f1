import { describe, expect, it } from "vitest";
import { count, fixed, plain, score } from "../src/numberText.ts";

describe("number formatting", () => {
  it.each([
    [12.93000000000002, "12.93"],
    [0.1 + 0.2, "0.3"],
    [0.1 + 0.2 - 0.3, "0"],
    [475, "475"],
    [-0, "0"],
    [-200.004, "-200"],
    [0.000123456, "0.000123"],
    [12_345.678, "12,345.68"],
    [1.5e30, "1.50e+30"],
    [2e-9, "2.00e-9"],
    [Number.NaN, "NaN"],
    [-Infinity, "-Infinity"],
  ])("rounds %d to %s", (value, text) => expect(plain(value)).toBe(text));

  it.each([
    [12.93000000000002, 1, "12.9"],
    [475, 1, "475.0"],
    [-0.0001, 1, "-0.0001"],
    [0, 2, "0.00"],
    [5.61e-15, 2, "0.00"],
    [1234.5, 2, "1,234.50"],
    [1e300, 2, "1.00e+300"],
    [Number.NaN, 1, "NaN"],
  ])("writes %d with %i decimals as %s", (value, digits, text) =>
    expect(fixed(value, digits)).toBe(text),
  );

  it.each([
    [475, 1, "475.0"],
    [1.234, 1, "1.2"],
    [0.3, 2, "0.30"],
    [0.12345, 1, "0.123"],
    [-0.0123, 2, "-0.0123"],
    [0.1 + 0.2 - 0.3, 1, "0.0"],
    [Number.NaN, 1, "NaN"],
  ])("writes the return %d with %i decimals, or 3 digits below 1, as %s", (value, digits, text) =>
    expect(score(value, digits)).toBe(text),
  );

  it("separates the thousands of counts", () => {
    expect([count(0), count(999.6), count(1_234_567)]).toEqual(["0", "1,000", "1,234,567"]);
  });
});

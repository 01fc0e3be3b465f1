import { expect, it } from "vitest";
import { exponentials, logarithms, powers, wholePower } from "../../src/numerics/elementary.ts";

/** Applies an array function to one number, and checks that it does not write past it. */
const one = (inPlace: (values: Float64Array, count: number) => void) => (x: number) => {
  const values = Float64Array.of(x, x);
  inPlace(values, 1);
  expect(values[1]).toBe(x);
  return values[0]!;
};
const exponential = one(exponentials);
const logarithm = one(logarithms);

const close = (actual: number, expected: number, tolerance: number) =>
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerance * Math.abs(expected));

it("exponential is within 1e-14 of Math.exp", () => {
  for (let x = -700; x <= 700; x += 0.37) close(exponential(x), Math.exp(x), 1e-14);
  expect([exponential(0), exponential(-800), exponential(710)]).toEqual([1, 0, Infinity]);
  close(exponential(-740), Math.exp(-740), 0.2);
});

it("exponential keeps to what float64 holds", () => {
  close(exponential(709), Math.exp(709), 1e-14);
  expect(exponential(-745)).toBe(5e-324);
  for (const x of [745, 5_000, 1e300])
    expect([exponential(-2 * x), exponential(x)]).toEqual([0, Infinity]);
});

it("logarithm is as exact where its series has the farthest to go", () => {
  for (const x of [0.70711, 0.708, 1.413, 1.4142, 1.4143, 5.6568]) {
    expect(Math.abs(logarithm(x) - Math.log(x))).toBeLessThan(1e-15);
  }
});

it("nothing to the power of nothing is 1", () => {
  expect(one((values, count) => powers(values, 0, count))(0)).toBe(1);
});

it("logarithm is within 1e-14 of Math.log", () => {
  for (let x = 1e-300; x < 1e300; x *= 1.7) {
    expect(Math.abs(logarithm(x) - Math.log(x))).toBeLessThan(
      1e-14 * Math.abs(Math.log(x)) + 1e-15,
    );
  }
  expect([logarithm(1), logarithm(0)]).toEqual([0, -Infinity]);
  close(logarithm(5e-320), Math.log(5e-320), 1e-14);
});

it("powers are within 1e-13 of Math.pow", () => {
  for (const x of [1e-6, 0.1, 0.5, 1, 2, 37.5]) {
    for (const exponent of [0, 0.3, 0.6, 1, 2.5]) {
      const power = one((values, count) => powers(values, exponent, count));
      close(power(x), x ** exponent, 1e-13);
    }
  }
  expect(one((values, count) => powers(values, 0.6, count))(0)).toBe(0);
  close(wholePower(0.996, 1000), 0.996 ** 1000, 1e-12);
  expect(wholePower(3, 4)).toBe(81);
});

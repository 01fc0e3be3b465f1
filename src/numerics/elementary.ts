// Exponential, logarithm and powers in float64. They use + - * / and bit operations, which every engine rounds the same way. The
// relative error is below 1e-14. They change arrays in place, because engines may box a number that a call returns.
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

/** A float64 and its halves. The high half is second, because all supported machines are little-endian. */
const number = new Float64Array(1);
const halves = new Uint32Array(number.buffer);

/** Returns base^n for a whole n >= 0, by repeated squaring. */
export function wholePower(base: number, n: number): number {
  let result = 1;
  let square = base;
  for (let left = n; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}

/**
 * Replaces the first `count` values x by e^x = 2^n e^r with |r| <= ln(2)/2. Sums the even and the odd terms of the Taylor series of e^r
 * separately, which shortens the chain of dependent operations. Multiplies by 2^n in two steps, because 2^n alone may overflow.
 */
export function exponentials(values: Float64Array, count: number): void {
  for (let k = 0; k < count; k++) {
    const x = values[k]!;
    if (x < -745 || x > 709) {
      values[k] = x < 0 ? 0 : Infinity;
      continue;
    }
    const n = Math.floor(x / (LN2_HIGH + LN2_LOW) + 0.5);
    const r = x - n * LN2_HIGH - n * LN2_LOW;
    const z = r * r;
    let even = z * (1 / 87178291200) + 1 / 479001600;
    let odd = z * (1 / 6227020800) + 1 / 39916800;
    even = even * z + 1 / 3628800;
    odd = odd * z + 1 / 362880;
    even = even * z + 1 / 40320;
    odd = odd * z + 1 / 5040;
    even = even * z + 1 / 720;
    odd = odd * z + 1 / 120;
    even = even * z + 1 / 24;
    odd = odd * z + 1 / 6;
    even = even * z + 0.5;
    odd = odd * z + 1;
    even = even * z + 1;
    const half = n >> 1;
    halves[0] = 0;
    halves[1] = (half + 1023) << 20;
    const scaled = (odd * r + even) * number[0]!;
    halves[1] = (n - half + 1023) << 20;
    values[k] = scaled * number[0]!;
  }
}

/**
 * Replaces the first `count` values x >= 0 by ln x = n ln 2 + 2 artanh(s). Here x = 2^n m with m near 1, and s = (m - 1) / (m + 1).
 * Sums alternate terms of artanh's series separately, which shortens the chain of dependent operations.
 */
export function logarithms(values: Float64Array, count: number): void {
  for (let k = 0; k < count; k++) {
    const x = values[k]!;
    if (x === 0) {
      values[k] = -Infinity;
      continue;
    }
    const tiny = x < 2.2250738585072014e-308;
    number[0] = tiny ? x * 2 ** 54 : x;
    const high = halves[1]!;
    let n = (high >>> 20) - 1023 - (tiny ? 54 : 0);
    halves[1] = (high & 0xfffff) | 0x3ff00000;
    let m = number[0]!;
    if (m >= 1.4142135623730951) {
      m *= 0.5;
      n++;
    }
    const s = (m - 1) / (m + 1);
    const z = s * s;
    const y = z * z;
    let even = y * (1 / 21) + 1 / 17;
    let odd = y * (1 / 19) + 1 / 15;
    even = even * y + 1 / 13;
    odd = odd * y + 1 / 11;
    even = even * y + 1 / 9;
    odd = odd * y + 1 / 7;
    even = even * y + 1 / 5;
    odd = odd * y + 1 / 3;
    even = even * y + 1;
    values[k] = n * LN2_HIGH + (2 * s * (odd * z + even) + n * LN2_LOW);
  }
}

/** Replaces the first `count` values x >= 0 by x^exponent. */
export function powers(values: Float64Array, exponent: number, count: number): void {
  if (exponent === 1) return;
  if (exponent === 0) {
    values.fill(1, 0, count);
    return;
  }
  logarithms(values, count);
  for (let k = 0; k < count; k++) values[k] = values[k]! * exponent;
  exponentials(values, count);
}

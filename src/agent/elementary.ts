// Exponential, logarithm and powers in float64 from + - * / alone, so that every engine gives the same bits;
// relative error below 1e-14.
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

/** 2^n for a whole n from -1074 to 1023. */
function powerOfTwo(n: number): number {
  return wholePower(n < 0 ? 0.5 : 2, Math.abs(n));
}

/** base^n for a whole n >= 0, by squaring. */
export function wholePower(base: number, n: number): number {
  let result = 1;
  let square = base;
  for (let left = n; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}

/** e^x: the Taylor series on +-ln(2)/2, scaled by a power of two. */
export function exponential(x: number): number {
  if (x < -745) return 0;
  if (x > 709) return Infinity;
  const n = Math.floor(x / (LN2_HIGH + LN2_LOW) + 0.5);
  const r = x - n * LN2_HIGH - n * LN2_LOW;
  let sum = 1;
  for (let k = 17; k >= 1; k--) sum = 1 + (sum * r) / k;
  return n < -1000 ? sum * powerOfTwo(n + 100) * 7.888609052210118e-31 : sum * powerOfTwo(n);
}

/** The natural logarithm of x > 0: halved or doubled into [0.7, 1.42), then 2 artanh((x - 1) / (x + 1)). */
export function logarithm(x: number): number {
  let n = 0;
  let m = x;
  for (; m >= 1.4142135623730951; n++) m *= 0.5;
  for (; m < 0.7071067811865476; n--) m *= 2;
  const s = (m - 1) / (m + 1);
  const z = s * s;
  let sum = 0;
  for (let k = 25; k >= 1; k -= 2) sum = sum * z + 1 / k;
  return n * LN2_HIGH + (2 * s * sum + n * LN2_LOW);
}

/** x^exponent for x > 0; 0 for x = 0. */
export function power(x: number, exponent: number): number {
  if (exponent === 1) return x;
  if (exponent === 0) return 1;
  return x > 0 ? exponential(exponent * logarithm(x)) : 0;
}

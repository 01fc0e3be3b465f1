// Sine and cosine in float64. Valid AssemblyScript and TypeScript: both backends compile this file. It uses only + - * and
// floor, which every engine computes exactly alike. Taylor series on [-pi/4, pi/4], truncated below 1e-17. Outside, the nearest
// multiple of pi/2 is subtracted in two parts: error below 1e-15 for |x| < 1e5.
const TWO_OVER_PI: number = 0.6366197723675814;
const HALF_PI_HIGH: number = 1.5707963267341256;
const HALF_PI_LOW: number = 6.077100506506192e-11;

/** Sine of r, |r| <= pi/4. */
export function sineNearZero(r: number): number {
  const z = r * r;
  let sum = 1.0 / 355687428096000.0;
  sum = sum * z - 1.0 / 1307674368000.0;
  sum = sum * z + 1.0 / 6227020800.0;
  sum = sum * z - 1.0 / 39916800.0;
  sum = sum * z + 1.0 / 362880.0;
  sum = sum * z - 1.0 / 5040.0;
  sum = sum * z + 1.0 / 120.0;
  sum = sum * z - 1.0 / 6.0;
  return r + r * z * sum;
}

/** Cosine of r, |r| <= pi/4. */
export function cosineNearZero(r: number): number {
  const z = r * r;
  let sum = 1.0 / 20922789888000.0;
  sum = sum * z - 1.0 / 87178291200.0;
  sum = sum * z + 1.0 / 479001600.0;
  sum = sum * z - 1.0 / 3628800.0;
  sum = sum * z + 1.0 / 40320.0;
  sum = sum * z - 1.0 / 720.0;
  sum = sum * z + 1.0 / 24.0;
  sum = sum * z - 0.5;
  return 1.0 + z * sum;
}

/** Sine of x shifted by `quarters` quarter turns: 0 gives sin(x), 1 gives cos(x). */
function shiftedSine(x: number, quarters: number): number {
  const turns = Math.floor(x * TWO_OVER_PI + 0.5);
  const r = x - turns * HALF_PI_HIGH - turns * HALF_PI_LOW;
  const quadrant = turns + quarters;
  const index = quadrant - 4.0 * Math.floor(quadrant * 0.25);
  const size = index === 0.0 || index === 2.0 ? sineNearZero(r) : cosineNearZero(r);
  return index >= 2.0 ? -size : size;
}

/** Sine of x radians; |x| < 1e5. */
export function sine(x: number): number {
  return shiftedSine(x, 0.0);
}

/** Cosine of x radians; |x| < 1e5. */
export function cosine(x: number): number {
  return shiftedSine(x, 1.0);
}

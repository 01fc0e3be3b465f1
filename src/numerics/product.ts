/** Returns the product of numbers; 1 without numbers. */
export function product(factors: readonly number[]): number {
  return factors.reduce((result, factor) => result * factor, 1);
}

/** Length from which `set` is faster than a loop. */
const LONG = 64;

/** Copies all numbers of `from` into `into`, from index `start` on. */
export function copyNumbers(into: Float32Array, start: number, from: ArrayLike<number>): void {
  if (from.length >= LONG) into.set(from, start);
  else for (let k = 0; k < from.length; k++) into[start + k] = from[k]!;
}

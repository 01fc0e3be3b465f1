const fround = Math.fround;

/** Adds the four partial sums of a reduction in the kernels' order: (0 + 1) + (2 + 3). */
export function sumLanes(s0: number, s1: number, s2: number, s3: number): number {
  return fround(fround(s0 + s1) + fround(s2 + s3));
}

// Lane arithmetic the kernels share. Small enough that the optimizer inlines every call.

/** `[a.0 + a.1, a.2 + a.3, b.0 + b.1, b.2 + b.3]` */
export function addPairs(a: v128, b: v128): v128 {
  return f32x4.add(v128.shuffle<f32>(a, b, 0, 2, 4, 6), v128.shuffle<f32>(a, b, 1, 3, 5, 7));
}

/** The sum of the lanes of `a`, in the order every reduction here uses: (0 + 1) + (2 + 3). */
export function sumLanes(a: v128): f32 {
  return (
    f32x4.extract_lane(a, 0) +
    f32x4.extract_lane(a, 1) +
    (f32x4.extract_lane(a, 2) + f32x4.extract_lane(a, 3))
  );
}

/** `a * b + c` lane by lane, rounded after each operation: not fused, so that JavaScript can do the same. */
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  return f32x4.add(f32x4.mul(a, b), c);
}

/** Writes lane k of `value` to the k-th address; addresses may repeat where the lanes are equal. */
export function storeLanes(p0: usize, p1: usize, p2: usize, p3: usize, value: v128): void {
  v128.store_lane<f32>(p0, value, 0);
  v128.store_lane<f32>(p1, value, 1);
  v128.store_lane<f32>(p2, value, 2);
  v128.store_lane<f32>(p3, value, 3);
}

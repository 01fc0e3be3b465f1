// Lane arithmetic and assertions that the kernels share. The optimizer inlines every call.

/** `[a.0 + a.1, a.2 + a.3, b.0 + b.1, b.2 + b.3]` */
export function addPairs(a: v128, b: v128): v128 {
  return f32x4.add(v128.shuffle<f32>(a, b, 0, 2, 4, 6), v128.shuffle<f32>(a, b, 1, 3, 5, 7));
}

/** Adds the lanes in the order of every reduction: (0 + 1) + (2 + 3). */
export function sumLanes(a: v128): f32 {
  return (
    f32x4.extract_lane(a, 0) +
    f32x4.extract_lane(a, 1) +
    (f32x4.extract_lane(a, 2) + f32x4.extract_lane(a, 3))
  );
}

/**
 * `a * b + c`, rounded after each operation, because JavaScript has no fused multiply-add. In the build for the backend wasm-fma,
 * rounded once if the processor has the fused instruction.
 */
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** Stores lane k of `value` at the k-th address. Lanes with the same address must be equal. */
export function storeLanes(p0: usize, p1: usize, p2: usize, p3: usize, value: v128): void {
  v128.store_lane<f32>(p0, value, 0);
  v128.store_lane<f32>(p1, value, 1);
  v128.store_lane<f32>(p2, value, 2);
  v128.store_lane<f32>(p3, value, 3);
}

/**
 * Debug build: traps unless every pointer of `a | b | ...` is a multiple of `bytes`, a power of two. The release build has no
 * assertions.
 */
export function assertAligned(pointers: usize, bytes: usize = 16): void {
  assert((pointers & (bytes - 1)) === 0);
}

/** Debug build: traps unless every number of `a | b | ...` is a multiple of `factor`, a power of two. */
export function assertMultiple(numbers: i32, factor: i32): void {
  assert((numbers & (factor - 1)) === 0);
}

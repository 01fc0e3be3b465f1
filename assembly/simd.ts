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

/** sums[r] = sum_b values[r][b], values (rows, batch), four rows at a time. */
export function sumRows(sumsPtr: usize, valuesPtr: usize, rows: i32, rowBytes: usize): void {
  const last = rows - 1;
  for (let r = 0; r < rows; r += 4) {
    const r1 = min(r + 1, last);
    const r2 = min(r + 2, last);
    const r3 = min(r + 3, last);
    const v0 = valuesPtr + <usize>r * rowBytes;
    const v1 = valuesPtr + <usize>r1 * rowBytes;
    const v2 = valuesPtr + <usize>r2 * rowBytes;
    const v3 = valuesPtr + <usize>r3 * rowBytes;
    let a0 = f32x4.splat(0);
    let a1 = f32x4.splat(0);
    let a2 = f32x4.splat(0);
    let a3 = f32x4.splat(0);
    for (let column: usize = 0; column < rowBytes; column += 32) {
      a0 = f32x4.add(a0, v128.load(v0 + column));
      a1 = f32x4.add(a1, v128.load(v1 + column));
      a2 = f32x4.add(a2, v128.load(v2 + column));
      a3 = f32x4.add(a3, v128.load(v3 + column));
      a0 = f32x4.add(a0, v128.load(v0 + column, 16));
      a1 = f32x4.add(a1, v128.load(v1 + column, 16));
      a2 = f32x4.add(a2, v128.load(v2 + column, 16));
      a3 = f32x4.add(a3, v128.load(v3 + column, 16));
    }
    const sums = addPairs(addPairs(a0, a1), addPairs(a2, a3));
    const s0 = sumsPtr + ((<usize>r) << 2);
    const s1 = sumsPtr + ((<usize>r1) << 2);
    storeLanes(s0, s1, sumsPtr + ((<usize>r2) << 2), sumsPtr + ((<usize>r3) << 2), sums);
  }
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

// Gradient clipping. Contracts: src/kernels/js/gradientClip.ts.
import { assertAligned, assertMultiple, multiplyAdd, sumLanes } from "./simd";

export function clampValues(valuesPtr: usize, count: i32, limit: f32): void {
  assertAligned(valuesPtr);
  assertMultiple(count, 4);
  const end = valuesPtr + ((<usize>count) << 2);
  const high = f32x4.splat(limit);
  const low = f32x4.splat(-limit);
  for (let p = valuesPtr; p < end; p += 16) {
    v128.store(p, f32x4.pmax(f32x4.pmin(v128.load(p), high), low));
  }
}

export function clipNorm(valuesPtr: usize, count: i32, maxNorm: f32): void {
  assertAligned(valuesPtr);
  assertMultiple(count, 4);
  const end = valuesPtr + ((<usize>count) << 2);
  let squares = f32x4.splat(0);
  for (let p = valuesPtr; p < end; p += 16) {
    const value = v128.load(p);
    squares = multiplyAdd(value, value, squares);
  }
  const scale = maxNorm / (sqrt<f32>(sumLanes(squares)) + <f32>1e-6);
  if (!(scale < 1)) return;
  const factor = f32x4.splat(scale);
  for (let p = valuesPtr; p < end; p += 16) v128.store(p, f32x4.mul(v128.load(p), factor));
}

// Mask of illegal actions. Contract: src/kernels/js/actionMask.ts.
import { assertAligned, assertMultiple } from "./simd";

export function maskIllegal(qPtr: usize, legalPtr: usize, count: i32): void {
  assertAligned(qPtr | legalPtr);
  assertMultiple(count, 4);
  const zero = f32x4.splat(0);
  const lowest = f32x4.splat(-f32.MAX_VALUE);
  const bytes = (<usize>count) << 2;
  for (let offset: usize = 0; offset < bytes; offset += 16) {
    const legal = f32x4.gt(v128.load(legalPtr + offset), zero);
    v128.store(qPtr + offset, v128.bitselect(v128.load(qPtr + offset), lowest, legal));
  }
}

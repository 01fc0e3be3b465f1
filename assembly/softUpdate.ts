// Soft update of the target network. Contract: src/kernels/js/softUpdate.ts.
import { assertAligned, assertMultiple, multiplyAdd } from "./simd";

export function softUpdate(targetPtr: usize, onlinePtr: usize, count: i32, tau: f32): void {
  assertAligned(targetPtr | onlinePtr);
  assertMultiple(count, 4);
  const bytes = (<usize>count) << 2;
  const mix = f32x4.splat(tau);
  const keep = f32x4.splat(1 - tau);
  for (let k: usize = 0; k < bytes; k += 16) {
    const online = f32x4.mul(mix, v128.load(onlinePtr + k));
    v128.store(targetPtr + k, multiplyAdd(keep, v128.load(targetPtr + k), online));
  }
}

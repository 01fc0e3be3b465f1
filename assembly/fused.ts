// The additional export of the build for the backend wasm-fma. src/kernels/core.ts recognises the build by it.
import { multiplyAdd } from "./simd";

/** Returns whether `multiplyAdd` rounds once on this processor. `one` is 1: an argument, so that no compiler computes the result. */
export function isFused(one: f32): bool {
  // (1 + e)^2 - (1 + 2 e) is e^2, which is lost if the product is rounded.
  const e: f32 = 1.0 / 4096;
  const factor = f32x4.splat(one + e);
  const rest = multiplyAdd(factor, factor, f32x4.splat(-one - 2 * e));
  return f32x4.extract_lane(rest, 0) !== 0;
}

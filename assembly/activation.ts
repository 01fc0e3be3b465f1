// Activations over flat arrays, in place. `count` is a multiple of 4; what lies in padding is transformed too.
import { multiplyAdd } from "./simd";

/**
 * values[k] = tanh(values[k]). A rational approximation x P(x^2) / Q(x^2) with P and Q of degree 4, our own minimax fit,
 * with x limited to +-8: never beyond +-1, relative error below 4e-7.
 */
export function tanhForward(valuesPtr: usize, count: i32): void {
  const end = valuesPtr + ((<usize>count) << 2);
  const limit = f32x4.splat(8);
  const negativeLimit = f32x4.splat(-8);
  for (let p = valuesPtr; p < end; p += 16) {
    const x = f32x4.pmax(f32x4.pmin(v128.load(p), limit), negativeLimit);
    const u = f32x4.mul(x, x);
    let numerator = multiplyAdd(f32x4.splat(1.3354552e-8), u, f32x4.splat(2.06090005e-5));
    let denominator = multiplyAdd(f32x4.splat(7.77651259e-7), u, f32x4.splat(3.28562661e-4));
    numerator = multiplyAdd(numerator, u, f32x4.splat(3.49558308e-3));
    denominator = multiplyAdd(denominator, u, f32x4.splat(2.5876963e-2));
    numerator = multiplyAdd(numerator, u, f32x4.splat(0.133810214));
    denominator = multiplyAdd(denominator, u, f32x4.splat(0.46714337));
    numerator = multiplyAdd(numerator, u, f32x4.splat(1));
    denominator = multiplyAdd(denominator, u, f32x4.splat(1));
    v128.store(p, f32x4.div(f32x4.mul(x, numerator), denominator));
  }
}

/** d[k] *= 1 - y[k]^2: the gradient before tanh from the one after it and its output y. */
export function tanhBackward(dPtr: usize, yPtr: usize, count: i32): void {
  const end = dPtr + ((<usize>count) << 2);
  const one = f32x4.splat(1);
  for (let d = dPtr, y = yPtr; d < end; d += 16, y += 16) {
    const value = v128.load(y);
    v128.store(d, f32x4.mul(v128.load(d), f32x4.sub(one, f32x4.mul(value, value))));
  }
}

/** d[k] = 0 where y[k] <= 0: the gradient before ReLU from the one after it and its output y. */
export function reluBackward(dPtr: usize, yPtr: usize, count: i32): void {
  const end = dPtr + ((<usize>count) << 2);
  const zero = f32x4.splat(0);
  for (let d = dPtr, y = yPtr; d < end; d += 16, y += 16) {
    v128.store(d, v128.and(v128.load(d), f32x4.gt(v128.load(y), zero)));
  }
}

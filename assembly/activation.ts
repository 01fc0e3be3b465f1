// Activations, in place. Contracts: src/kernels/js/activation.ts.
import { assertAligned, assertMultiple, multiplyAdd } from "./simd";

/**
 * Rational approximation x P(x^2) / Q(x^2), P of degree 3 and Q of degree 4: our own minimax fit. x is clamped to +-7.75.
 *
 * Engines rebuild a literal vector in every iteration, but keep a loaded one in a register. So the constants are stored over the
 * first vector of the values and loaded from there. The vector is restored before the loop.
 */
export function tanhForward(valuesPtr: usize, count: i32): void {
  assertAligned(valuesPtr);
  const end = valuesPtr + ((<usize>count) << 2);
  const saved = v128.load(valuesPtr);
  v128.store(valuesPtr, f32x4(7.75, -7.75, 259.72824, 11405.158));
  const limit = v128.load32_splat(valuesPtr);
  const negativeLimit = v128.load32_splat(valuesPtr, 4);
  const p2 = v128.load32_splat(valuesPtr, 8);
  const p1 = v128.load32_splat(valuesPtr, 12);
  v128.store(valuesPtr, f32x4(88296.74, 88296.76, 40837.297, 2099.414));
  const p0 = v128.load32_splat(valuesPtr);
  const q0 = v128.load32_splat(valuesPtr, 4);
  const q1 = v128.load32_splat(valuesPtr, 8);
  const q2 = v128.load32_splat(valuesPtr, 12);
  v128.store(valuesPtr, f32x4(20.95508, 0.021422675, 0, 0));
  const q3 = v128.load32_splat(valuesPtr);
  const q4 = v128.load32_splat(valuesPtr, 4);
  v128.store(valuesPtr, saved);
  for (let p = valuesPtr; p < end; p += 16) {
    const x = f32x4.pmax(f32x4.pmin(v128.load(p), limit), negativeLimit);
    const u = f32x4.mul(x, x);
    let numerator = f32x4.add(u, p2);
    let denominator = multiplyAdd(q4, u, q3);
    numerator = multiplyAdd(numerator, u, p1);
    denominator = multiplyAdd(denominator, u, q2);
    numerator = multiplyAdd(numerator, u, p0);
    denominator = multiplyAdd(denominator, u, q1);
    denominator = multiplyAdd(denominator, u, q0);
    v128.store(p, f32x4.div(f32x4.mul(x, numerator), denominator));
  }
}

export function tanhBackward(dPtr: usize, yPtr: usize, count: i32): void {
  assertAligned(dPtr | yPtr);
  assertMultiple(count, 4);
  const end = dPtr + ((<usize>count) << 2);
  const one = f32x4.splat(1);
  for (let d = dPtr, y = yPtr; d < end; d += 16, y += 16) {
    const value = v128.load(y);
    v128.store(d, f32x4.mul(v128.load(d), f32x4.sub(one, f32x4.mul(value, value))));
  }
}

export function reluBackward(dPtr: usize, yPtr: usize, count: i32): void {
  assertAligned(dPtr | yPtr);
  assertMultiple(count, 4);
  const end = dPtr + ((<usize>count) << 2);
  const zero = f32x4.splat(0);
  for (let d = dPtr, y = yPtr; d < end; d += 16, y += 16) {
    v128.store(d, v128.and(v128.load(d), f32x4.gt(v128.load(y), zero)));
  }
}

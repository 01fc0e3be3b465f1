// Optimizers. Contracts: src/kernels/js/optimizer.ts.
//
// Without a gradient (a dead unit) a moment decays by a constant factor per step. It would reach the denormal numbers and stay
// there, and processors are several times slower with denormals. So a moment becomes 0 when its square is 0 in float32, below
// about 2^-75.
import { assertAligned, assertMultiple, multiplyAdd } from "./simd";

/** Returns `value`, or 0 if value^2 is 0. */
function settle(value: v128): v128 {
  return v128.and(value, f32x4.ne(f32x4.mul(value, value), f32x4.splat(0)));
}

/** Returns the second moment `square`, or 0 if square^2 and the first moment `moving` are 0. */
function settleSquare(square: v128, moving: v128): v128 {
  const zero = f32x4.splat(0);
  const large = f32x4.ne(f32x4.mul(square, square), zero);
  return v128.and(square, v128.or(large, f32x4.ne(moving, zero)));
}

export function adam(
  weightPtr: usize,
  gradientPtr: usize,
  meanPtr: usize,
  variancePtr: usize,
  count: i32,
  stepSize: f32,
  beta1: f64,
  beta2: f64,
  epsilon: f32,
  varianceScale: f32,
): void {
  assertAligned(weightPtr | gradientPtr | meanPtr | variancePtr);
  assertMultiple(count, 4);
  const bytes = (<usize>count) << 2;
  // V8 before version 12 computes local constants again in every round, but keeps a loaded vector in a register. So the constants
  // are stored over the first gradients and loaded from there. These gradients are restored before the loop.
  const saved = v128.load(gradientPtr);
  store<f32>(gradientPtr, <f32>beta1);
  store<f32>(gradientPtr, <f32>beta2, 4);
  store<f32>(gradientPtr, <f32>(1 - beta1), 8);
  store<f32>(gradientPtr, <f32>(1 - beta2), 12);
  const b1 = v128.load32_splat(gradientPtr);
  const b2 = v128.load32_splat(gradientPtr, 4);
  const c1 = v128.load32_splat(gradientPtr, 8);
  const c2 = v128.load32_splat(gradientPtr, 12);
  store<f32>(gradientPtr, stepSize);
  store<f32>(gradientPtr, epsilon, 4);
  store<f32>(gradientPtr, varianceScale, 8);
  const step = v128.load32_splat(gradientPtr);
  const eps = v128.load32_splat(gradientPtr, 4);
  const scale = v128.load32_splat(gradientPtr, 8);
  v128.store(gradientPtr, saved);
  for (let k: usize = 0; k < bytes; k += 16) {
    const g = v128.load(gradientPtr + k);
    const m = settle(multiplyAdd(b1, v128.load(meanPtr + k), f32x4.mul(c1, g)));
    const square = f32x4.mul(f32x4.mul(c2, g), g);
    const v = settleSquare(multiplyAdd(b2, v128.load(variancePtr + k), square), m);
    v128.store(meanPtr + k, m);
    v128.store(variancePtr + k, v);
    const denominator = multiplyAdd(f32x4.sqrt(v), scale, eps);
    const update = f32x4.div(f32x4.mul(step, m), denominator);
    v128.store(weightPtr + k, f32x4.sub(v128.load(weightPtr + k), update));
  }
}

export function rmsprop(
  weightPtr: usize,
  gradientPtr: usize,
  bufferPtr: usize,
  squarePtr: usize,
  count: i32,
  learningRate: f32,
  alpha: f64,
  epsilon: f32,
  momentum: f32,
): void {
  assertAligned(weightPtr | gradientPtr | bufferPtr | squarePtr);
  assertMultiple(count, 4);
  const bytes = (<usize>count) << 2;
  const a = f32x4.splat(<f32>alpha);
  const c = f32x4.splat(<f32>(1 - alpha));
  const eps = f32x4.splat(epsilon);
  const rate = f32x4.splat(learningRate);
  const mu = f32x4.splat(momentum);
  for (let k: usize = 0; k < bytes; k += 16) {
    const g = v128.load(gradientPtr + k);
    const v = multiplyAdd(a, v128.load(squarePtr + k), f32x4.mul(f32x4.mul(c, g), g));
    const scaled = f32x4.div(g, f32x4.add(f32x4.sqrt(v), eps));
    const buffer = settle(multiplyAdd(mu, v128.load(bufferPtr + k), scaled));
    v128.store(squarePtr + k, v);
    v128.store(bufferPtr + k, buffer);
    v128.store(weightPtr + k, f32x4.sub(v128.load(weightPtr + k), f32x4.mul(rate, buffer)));
  }
}

export function rmspropCentered(
  weightPtr: usize,
  gradientPtr: usize,
  meanPtr: usize,
  squarePtr: usize,
  count: i32,
  learningRate: f32,
  alpha: f64,
  epsilon: f32,
): void {
  assertAligned(weightPtr | gradientPtr | meanPtr | squarePtr);
  assertMultiple(count, 4);
  const bytes = (<usize>count) << 2;
  // Loaded, as in `adam`.
  const saved = v128.load(gradientPtr);
  store<f32>(gradientPtr, <f32>alpha);
  store<f32>(gradientPtr, <f32>(1 - alpha), 4);
  store<f32>(gradientPtr, epsilon, 8);
  store<f32>(gradientPtr, learningRate, 12);
  const a = v128.load32_splat(gradientPtr);
  const c = v128.load32_splat(gradientPtr, 4);
  const eps = v128.load32_splat(gradientPtr, 8);
  const rate = v128.load32_splat(gradientPtr, 12);
  v128.store(gradientPtr, saved);
  for (let k: usize = 0; k < bytes; k += 16) {
    const g = v128.load(gradientPtr + k);
    const part = f32x4.mul(c, g);
    const m = settle(multiplyAdd(a, v128.load(meanPtr + k), part));
    const v = settleSquare(multiplyAdd(a, v128.load(squarePtr + k), f32x4.mul(part, g)), m);
    v128.store(meanPtr + k, m);
    v128.store(squarePtr + k, v);
    const variance = f32x4.pmax(multiplyAdd(f32x4.neg(m), m, v), f32x4.splat(0));
    const update = f32x4.div(f32x4.mul(rate, g), f32x4.add(f32x4.sqrt(variance), eps));
    v128.store(weightPtr + k, f32x4.sub(v128.load(weightPtr + k), update));
  }
}

export function sgd(
  weightPtr: usize,
  gradientPtr: usize,
  bufferPtr: usize,
  count: i32,
  learningRate: f32,
  momentum: f32,
): void {
  assertAligned(weightPtr | gradientPtr | bufferPtr);
  assertMultiple(count, 4);
  const bytes = (<usize>count) << 2;
  const rate = f32x4.splat(learningRate);
  const mu = f32x4.splat(momentum);
  for (let k: usize = 0; k < bytes; k += 16) {
    const g = v128.load(gradientPtr + k);
    const buffer = settle(multiplyAdd(mu, v128.load(bufferPtr + k), g));
    v128.store(bufferPtr + k, buffer);
    v128.store(weightPtr + k, f32x4.sub(v128.load(weightPtr + k), f32x4.mul(rate, buffer)));
  }
}

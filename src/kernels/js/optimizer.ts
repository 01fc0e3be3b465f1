import type { Kernels } from "../kernels.ts";

const fround = Math.fround;

type OptimizerKernels = Pick<
  Kernels,
  "adam" | "rmsprop" | "sgd" | "softUpdate" | "clampValues" | "clipNorm"
>;

/** `value`, but 0 where its square is 0 in float32: numbers much smaller than that are slow. */
function settle(value: number): number {
  return fround(value * value) === 0 ? 0 : value;
}

/** `square`, but 0 where its own square is 0 and nothing moves. */
function settleSquare(square: number, moving: number): number {
  return fround(square * square) === 0 && moving === 0 ? 0 : square;
}

/** Optimizers, gradient clipping and soft updates in plain JavaScript. `f32` views the whole memory. */
export function optimizerKernels(f32: Float32Array): OptimizerKernels {
  return {
    adam(
      weightPtr,
      gradientPtr,
      meanPtr,
      variancePtr,
      count,
      stepSize,
      beta1,
      beta2,
      epsilon,
      varianceScale,
    ) {
      const weight = weightPtr >>> 2;
      const gradient = gradientPtr >>> 2;
      const mean = meanPtr >>> 2;
      const variance = variancePtr >>> 2;
      const step = fround(stepSize);
      const b1 = fround(beta1);
      const b2 = fround(beta2);
      const c1 = fround(1 - beta1);
      const c2 = fround(1 - beta2);
      const eps = fround(epsilon);
      const scale = fround(varianceScale);
      for (let k = 0; k < count; k++) {
        const g = f32[gradient + k]!;
        const m = settle(fround(fround(b1 * f32[mean + k]!) + fround(c1 * g)));
        const square = fround(fround(c2 * g) * g);
        const v = settleSquare(fround(fround(b2 * f32[variance + k]!) + square), m);
        f32[mean + k] = m;
        f32[variance + k] = v;
        const denominator = fround(fround(fround(Math.sqrt(v)) * scale) + eps);
        f32[weight + k] = f32[weight + k]! - fround(fround(step * m) / denominator);
      }
    },

    softUpdate(targetPtr, onlinePtr, count, tau) {
      const target = targetPtr >>> 2;
      const online = onlinePtr >>> 2;
      const mix = fround(tau);
      const keep = fround(1 - mix);
      for (let k = 0; k < count; k++) {
        f32[target + k] = fround(mix * f32[online + k]!) + fround(keep * f32[target + k]!);
      }
    },

    rmsprop(
      weightPtr,
      gradientPtr,
      bufferPtr,
      squarePtr,
      count,
      learningRate,
      alpha,
      epsilon,
      momentum,
    ) {
      const weight = weightPtr >>> 2;
      const gradient = gradientPtr >>> 2;
      const buffer = bufferPtr >>> 2;
      const square = squarePtr >>> 2;
      const rate = fround(learningRate);
      const a = fround(alpha);
      const c = fround(1 - alpha);
      const eps = fround(epsilon);
      const mu = fround(momentum);
      for (let k = 0; k < count; k++) {
        const g = f32[gradient + k]!;
        const v = fround(fround(a * f32[square + k]!) + fround(fround(c * g) * g));
        const scaled = fround(g / fround(fround(Math.sqrt(v)) + eps));
        const moved = settle(fround(fround(mu * f32[buffer + k]!) + scaled));
        f32[square + k] = v;
        f32[buffer + k] = moved;
        f32[weight + k] = f32[weight + k]! - fround(rate * moved);
      }
    },

    sgd(weightPtr, gradientPtr, bufferPtr, count, learningRate, momentum) {
      const weight = weightPtr >>> 2;
      const gradient = gradientPtr >>> 2;
      const buffer = bufferPtr >>> 2;
      const rate = fround(learningRate);
      const mu = fround(momentum);
      for (let k = 0; k < count; k++) {
        const moved = settle(fround(fround(mu * f32[buffer + k]!) + f32[gradient + k]!));
        f32[buffer + k] = moved;
        f32[weight + k] = f32[weight + k]! - fround(rate * moved);
      }
    },

    clampValues(valuesPtr, count, limit) {
      const start = valuesPtr >>> 2;
      const high = fround(limit);
      for (let k = start; k < start + count; k++) {
        const value = f32[k]!;
        if (value > high) f32[k] = high;
        else if (value < -high) f32[k] = -high;
      }
    },

    clipNorm(valuesPtr, count, maxNorm) {
      const start = valuesPtr >>> 2;
      const end = start + count;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let k = start; k < end; k += 4) {
        s0 = fround(s0 + fround(f32[k]! * f32[k]!));
        s1 = fround(s1 + fround(f32[k + 1]! * f32[k + 1]!));
        s2 = fround(s2 + fround(f32[k + 2]! * f32[k + 2]!));
        s3 = fround(s3 + fround(f32[k + 3]! * f32[k + 3]!));
      }
      const norm = fround(Math.sqrt(fround(fround(s0 + s1) + fround(s2 + s3))));
      const scale = fround(fround(maxNorm) / fround(norm + fround(1e-6)));
      if (!(scale < 1)) return;
      for (let k = start; k < end; k++) f32[k] = f32[k]! * scale;
    },
  };
}

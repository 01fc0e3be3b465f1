const fround = Math.fround;

/** Returns `value`, or 0 if value^2 is 0 in float32. See assembly/optimizer.ts for the reason. */
function settle(value: number): number {
  return fround(value * value) === 0 ? 0 : value;
}

/** Returns the second moment `square`, or 0 if square^2 is 0 in float32 and the first moment `moving` is 0. */
function settleSquare(square: number, moving: number): number {
  return fround(square * square) === 0 && moving === 0 ? 0 : square;
}

export function optimizerKernels(f32: Float32Array) {
  return {
    /**
     * One step of Adam (Kingma & Ba 2015) in PyTorch's form:
     *   mean = beta1 mean + (1 - beta1) g; variance = beta2 variance + (1 - beta2) g^2;
     *   weight -= stepSize * mean / (sqrt(variance) * varianceScale + epsilon).
     * At step t, stepSize = learningRate / (1 - beta1^t) and varianceScale = 1 / sqrt(1 - beta2^t).
     * A mean or variance whose square is 0 in float32 becomes 0, the variance only if the mean is 0.
     * All arrays (count), a multiple of 4. beta1 and beta2 are float64, and 1 - beta is rounded to float32 once:
     * 1 - float32(0.999) would have a relative error of 1.3e-5.
     */
    adam(
      weightPtr: number,
      gradientPtr: number,
      meanPtr: number,
      variancePtr: number,
      count: number,
      stepSize: number,
      beta1: number,
      beta2: number,
      epsilon: number,
      varianceScale: number,
    ): void {
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

    /**
     * One step of RMSprop (Tieleman & Hinton 2012) in PyTorch's form, not centered: square = alpha square + (1 - alpha) g^2;
     * buffer = momentum buffer + g / (sqrt(square) + epsilon); weight -= learningRate * buffer.
     * A buffer whose square is 0 in float32 becomes 0.
     * All arrays (count), a multiple of 4. alpha is float64, as Adam's betas.
     */
    rmsprop(
      weightPtr: number,
      gradientPtr: number,
      bufferPtr: number,
      squarePtr: number,
      count: number,
      learningRate: number,
      alpha: number,
      epsilon: number,
      momentum: number,
    ): void {
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

    /**
     * One step of centered RMSprop (Graves 2013) in PyTorch's form, without momentum:
     *   mean = alpha mean + (1 - alpha) g; square = alpha square + (1 - alpha) g^2;
     *   weight -= learningRate * g / (sqrt(max(square - mean^2, 0)) + epsilon). Without the maximum, rounding could make it NaN.
     * Small values of mean and square become 0 as Adam's do.
     * All arrays (count), a multiple of 4. alpha is float64, as Adam's betas.
     */
    rmspropCentered(
      weightPtr: number,
      gradientPtr: number,
      meanPtr: number,
      squarePtr: number,
      count: number,
      learningRate: number,
      alpha: number,
      epsilon: number,
    ): void {
      const weight = weightPtr >>> 2;
      const gradient = gradientPtr >>> 2;
      const mean = meanPtr >>> 2;
      const square = squarePtr >>> 2;
      const rate = fround(learningRate);
      const a = fround(alpha);
      const c = fround(1 - alpha);
      const eps = fround(epsilon);
      for (let k = 0; k < count; k++) {
        const g = f32[gradient + k]!;
        const m = settle(fround(fround(a * f32[mean + k]!) + fround(c * g)));
        const moved = fround(fround(a * f32[square + k]!) + fround(fround(c * g) * g));
        const v = settleSquare(moved, m);
        f32[mean + k] = m;
        f32[square + k] = v;
        const variance = fround(v - fround(m * m));
        const root = fround(Math.sqrt(variance < 0 ? 0 : variance));
        f32[weight + k] = f32[weight + k]! - fround(fround(rate * g) / fround(root + eps));
      }
    },

    /**
     * One step of SGD: buffer = momentum buffer + g; weight -= learningRate * buffer.
     * A buffer whose square is 0 in float32 becomes 0. All arrays (count), a multiple of 4.
     */
    sgd(
      weightPtr: number,
      gradientPtr: number,
      bufferPtr: number,
      count: number,
      learningRate: number,
      momentum: number,
    ): void {
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
  };
}

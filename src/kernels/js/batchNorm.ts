import { sumLanes } from "./sumLanes.ts";

const fround = Math.fround;

export function batchNormKernels(f32: Float32Array) {
  /** Partial sums of two reductions: lane b mod 4. */
  const lanes = new Float32Array(8);

  function total(first: number): number {
    return sumLanes(lanes[first]!, lanes[first + 1]!, lanes[first + 2]!, lanes[first + 3]!);
  }

  function normalizeRow(
    y: number,
    x: number,
    batch: number,
    mean: number,
    inverseStd: number,
    scale: number,
    shift: number,
    lowerBound: number,
  ): void {
    for (let b = 0; b < batch; b++) {
      const normal = fround(fround(f32[x + b]! - mean) * inverseStd);
      const value = fround(fround(normal * scale) + shift);
      f32[y + b] = value < lowerBound ? lowerBound : value;
    }
  }

  return {
    /**
     * Batch normalisation (Ioffe & Szegedy 2015) in training mode:
     * output[f][b] = max((input[f][b] - mean[f]) * inverseStd[f] * scale[f] + shift[f], lowerBound).
     * Writes mean and inverseStd = 1 / sqrt(biased variance + epsilon), computed from the first `samples` columns (at least 2).
     * running statistic = (1 - momentum) * running statistic + momentum * batch statistic; for the variance, the unbiased one.
     * Sums in four lanes.
     * output and input (features, batch), the others (features).
     */
    batchNormForward(
      outputPtr: number,
      inputPtr: number,
      scalePtr: number,
      shiftPtr: number,
      runningMeanPtr: number,
      runningVariancePtr: number,
      meanPtr: number,
      inverseStdPtr: number,
      features: number,
      batch: number,
      samples: number,
      momentum: number,
      epsilon: number,
      lowerBound: number,
    ): void {
      const fraction = fround(momentum);
      const keep = fround(1 - fraction);
      const eps = fround(epsilon);
      for (let f = 0; f < features; f++) {
        const x = (inputPtr >>> 2) + f * batch;
        const y = (outputPtr >>> 2) + f * batch;
        lanes.fill(0);
        for (let b = 0; b < samples; b++) lanes[b & 3] = lanes[b & 3]! + f32[x + b]!;
        const mean = fround(total(0) / samples);
        lanes.fill(0);
        for (let b = 0; b < samples; b++) {
          const offset = fround(f32[x + b]! - mean);
          lanes[b & 3] = lanes[b & 3]! + fround(offset * offset);
        }
        const squares = total(0);
        const variance = fround(fround(squares / samples) + eps);
        const inverseStd = fround(1 / fround(Math.sqrt(variance)));
        f32[(meanPtr >>> 2) + f] = mean;
        f32[(inverseStdPtr >>> 2) + f] = inverseStd;
        const runningMean = (runningMeanPtr >>> 2) + f;
        const runningVariance = (runningVariancePtr >>> 2) + f;
        const unbiased = fround(squares / (samples - 1));
        f32[runningMean] = fround(keep * f32[runningMean]!) + fround(fraction * mean);
        f32[runningVariance] = fround(keep * f32[runningVariance]!) + fround(fraction * unbiased);
        const scale = f32[(scalePtr >>> 2) + f]!;
        const shift = f32[(shiftPtr >>> 2) + f]!;
        normalizeRow(y, x, batch, mean, inverseStd, scale, shift, lowerBound);
      }
    },

    /** `batchNormForward` with the running statistics, which it does not change. `batch` may also be 1. */
    batchNormEvaluate(
      outputPtr: number,
      inputPtr: number,
      scalePtr: number,
      shiftPtr: number,
      runningMeanPtr: number,
      runningVariancePtr: number,
      features: number,
      batch: number,
      epsilon: number,
      lowerBound: number,
    ): void {
      const eps = fround(epsilon);
      for (let f = 0; f < features; f++) {
        const x = (inputPtr >>> 2) + f * batch;
        const y = (outputPtr >>> 2) + f * batch;
        const mean = f32[(runningMeanPtr >>> 2) + f]!;
        const variance = fround(f32[(runningVariancePtr >>> 2) + f]! + eps);
        const factor = fround(1 / fround(Math.sqrt(variance)));
        const scale = f32[(scalePtr >>> 2) + f]!;
        const shift = f32[(shiftPtr >>> 2) + f]!;
        normalizeRow(y, x, batch, mean, factor, scale, shift, lowerBound);
      }
    },

    /**
     * With normal = (input - mean) * inverseStd: dShift[f] = sum_b d[f][b], dScale[f] = sum_b d[f][b] * normal[f][b]; then
     * d = scale * inverseStd * (d - dShift / samples - normal * dScale / samples), and 0 in padding columns.
     * d and input (features, batch), the others (features). d is 0 in padding columns before the call.
     */
    batchNormBackward(
      dPtr: number,
      dScalePtr: number,
      dShiftPtr: number,
      inputPtr: number,
      scalePtr: number,
      meanPtr: number,
      inverseStdPtr: number,
      features: number,
      batch: number,
      samples: number,
    ): void {
      for (let f = 0; f < features; f++) {
        const x = (inputPtr >>> 2) + f * batch;
        const d = (dPtr >>> 2) + f * batch;
        const mean = f32[(meanPtr >>> 2) + f]!;
        const factor = f32[(inverseStdPtr >>> 2) + f]!;
        lanes.fill(0);
        for (let b = 0; b < batch; b++) {
          const lane = b & 3;
          const gradient = f32[d + b]!;
          const normal = fround(fround(f32[x + b]! - mean) * factor);
          lanes[lane] = lanes[lane]! + gradient;
          lanes[4 + lane] = lanes[4 + lane]! + fround(gradient * normal);
        }
        const dShift = total(0);
        const dScale = total(4);
        f32[(dShiftPtr >>> 2) + f] = dShift;
        f32[(dScalePtr >>> 2) + f] = dScale;
        const meanGradient = fround(dShift / samples);
        const meanProduct = fround(dScale / samples);
        const gain = fround(f32[(scalePtr >>> 2) + f]! * factor);
        for (let b = 0; b < samples; b++) {
          const normal = fround(fround(f32[x + b]! - mean) * factor);
          const centered = fround(f32[d + b]! - meanGradient);
          f32[d + b] = gain * fround(centered - fround(normal * meanProduct));
        }
        f32.fill(0, d + samples, d + batch);
      }
    },
  };
}

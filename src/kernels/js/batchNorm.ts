import type { Kernels } from "../kernels.ts";

const fround = Math.fround;

type BatchNormKernels = Pick<
  Kernels,
  "batchNormForward" | "batchNormEvaluate" | "batchNormBackward"
>;

/** Batch normalisation in plain JavaScript. `f32` views the whole memory. */
export function batchNormKernels(f32: Float32Array): BatchNormKernels {
  /** Partial sums, one for each lane (b mod 4). */
  const lanes = new Float32Array(8);

  function total(first: number): number {
    const left = fround(lanes[first]! + lanes[first + 1]!);
    return fround(left + fround(lanes[first + 2]! + lanes[first + 3]!));
  }

  return {
    batchNormForward(
      outputPtr,
      inputPtr,
      scalePtr,
      shiftPtr,
      runningMeanPtr,
      runningVariancePtr,
      meanPtr,
      inverseStdPtr,
      features,
      batch,
      samples,
      momentum,
      epsilon,
      lowerBound,
    ) {
      const share = fround(momentum);
      const keep = fround(1 - share);
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
        f32[runningMean] = fround(keep * f32[runningMean]!) + fround(share * mean);
        f32[runningVariance] = fround(keep * f32[runningVariance]!) + fround(share * unbiased);
        const scale = f32[(scalePtr >>> 2) + f]!;
        const shift = f32[(shiftPtr >>> 2) + f]!;
        for (let b = 0; b < batch; b++) {
          const normal = fround(fround(f32[x + b]! - mean) * inverseStd);
          const value = fround(fround(normal * scale) + shift);
          f32[y + b] = value < lowerBound ? lowerBound : value;
        }
      }
    },

    batchNormEvaluate(
      outputPtr,
      inputPtr,
      scalePtr,
      shiftPtr,
      runningMeanPtr,
      runningVariancePtr,
      features,
      batch,
      epsilon,
      lowerBound,
    ) {
      const eps = fround(epsilon);
      for (let f = 0; f < features; f++) {
        const x = (inputPtr >>> 2) + f * batch;
        const y = (outputPtr >>> 2) + f * batch;
        const mean = f32[(runningMeanPtr >>> 2) + f]!;
        const variance = fround(f32[(runningVariancePtr >>> 2) + f]! + eps);
        const factor = fround(1 / fround(Math.sqrt(variance)));
        const scale = f32[(scalePtr >>> 2) + f]!;
        const shift = f32[(shiftPtr >>> 2) + f]!;
        for (let b = 0; b < batch; b++) {
          const normal = fround(fround(f32[x + b]! - mean) * factor);
          const value = fround(fround(normal * scale) + shift);
          f32[y + b] = value < lowerBound ? lowerBound : value;
        }
      }
    },

    batchNormBackward(
      dPtr,
      dScalePtr,
      dShiftPtr,
      inputPtr,
      scalePtr,
      meanPtr,
      inverseStdPtr,
      features,
      batch,
      samples,
    ) {
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

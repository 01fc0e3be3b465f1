import { sumLanes } from "./sumLanes.ts";

const fround = Math.fround;

export function layerNormKernels(f32: Float32Array) {
  let mean = 0;
  let inverseStd = 0;

  /** `layerNormForward` of the column that begins at x and y; sets `mean` and `inverseStd`. `stride`: number of floats per row. */
  function column(
    y: number,
    x: number,
    scalePtr: number,
    shiftPtr: number,
    features: number,
    stride: number,
    epsilon: number,
    lowerBound: number,
  ): void {
    let sum = 0;
    for (let f = 0; f < features; f++) sum = fround(sum + f32[x + f * stride]!);
    mean = fround(sum / features);
    sum = 0;
    for (let f = 0; f < features; f++) {
      const offset = fround(f32[x + f * stride]! - mean);
      sum = fround(fround(offset * offset) + sum);
    }
    const variance = fround(fround(sum / features) + fround(epsilon));
    inverseStd = fround(1 / fround(Math.sqrt(variance)));
    for (let f = 0; f < features; f++) {
      const normal = fround(fround(f32[x + f * stride]! - mean) * inverseStd);
      const scaled = fround(normal * f32[(scalePtr >>> 2) + f]!);
      const value = fround(scaled + f32[(shiftPtr >>> 2) + f]!);
      f32[y + f * stride] = value < lowerBound ? lowerBound : value;
    }
  }

  return {
    /**
     * Layer normalisation (Ba et al. 2016) of each column:
     * output[f][b] = max((input[f][b] - mean[b]) * inverseStd[b] * scale[f] + shift[f], lowerBound).
     * Writes the column's mean and inverseStd = 1 / sqrt(biased variance + epsilon). Sums over f ascending.
     * output and input (features, batch), scale and shift (features), mean and inverseStd (batch). output may be input.
     */
    layerNormForward(
      outputPtr: number,
      inputPtr: number,
      scalePtr: number,
      shiftPtr: number,
      meanPtr: number,
      inverseStdPtr: number,
      features: number,
      batch: number,
      epsilon: number,
      lowerBound: number,
    ): void {
      for (let b = 0; b < batch; b++) {
        const [y, x] = [(outputPtr >>> 2) + b, (inputPtr >>> 2) + b];
        column(y, x, scalePtr, shiftPtr, features, batch, epsilon, lowerBound);
        f32[(meanPtr >>> 2) + b] = mean;
        f32[(inverseStdPtr >>> 2) + b] = inverseStd;
      }
    },

    /** `layerNormForward` for one observation, with the same bits: output and input (features). */
    layerNormForwardOne(
      outputPtr: number,
      inputPtr: number,
      scalePtr: number,
      shiftPtr: number,
      features: number,
      epsilon: number,
      lowerBound: number,
    ): void {
      const [y, x] = [outputPtr >>> 2, inputPtr >>> 2];
      column(y, x, scalePtr, shiftPtr, features, 1, epsilon, lowerBound);
    },

    /**
     * With normal = (input - mean) * inverseStd: dShift[f] = sum_b d[f][b], dScale[f] = sum_b d[f][b] * normal[f][b], in four lanes;
     * then, with g = d * scale and means over f: d = inverseStd * (g - mean of g - normal * mean of (g * normal)).
     * d and input (features, batch), dScale, dShift and scale (features), mean and inverseStd (batch).
     * scratch (2, batch): overwritten with undefined values.
     */
    layerNormBackward(
      dPtr: number,
      dScalePtr: number,
      dShiftPtr: number,
      inputPtr: number,
      scalePtr: number,
      meanPtr: number,
      inverseStdPtr: number,
      scratchPtr: number,
      features: number,
      batch: number,
    ): void {
      const means = scratchPtr >>> 2;
      const products = means + batch;
      const normalAt = (f: number, b: number) => {
        const offset = fround(f32[(inputPtr >>> 2) + f * batch + b]! - f32[(meanPtr >>> 2) + b]!);
        return fround(offset * f32[(inverseStdPtr >>> 2) + b]!);
      };
      f32.fill(0, means, means + 2 * batch);
      const shifts = [0, 0, 0, 0] as [number, number, number, number];
      const scales = [0, 0, 0, 0] as [number, number, number, number];
      for (let f = 0; f < features; f++) {
        const d = (dPtr >>> 2) + f * batch;
        const scale = f32[(scalePtr >>> 2) + f]!;
        shifts.fill(0);
        scales.fill(0);
        for (let b = 0; b < batch; b++) {
          const gradient = f32[d + b]!;
          const product = fround(gradient * normalAt(f, b));
          shifts[b & 3] = fround(shifts[b & 3]! + gradient);
          scales[b & 3] = fround(scales[b & 3]! + product);
          f32[means + b] = fround(gradient * scale) + f32[means + b]!;
          f32[products + b] = fround(product * scale) + f32[products + b]!;
        }
        f32[(dShiftPtr >>> 2) + f] = sumLanes(...shifts);
        f32[(dScalePtr >>> 2) + f] = sumLanes(...scales);
      }
      for (let b = 0; b < 2 * batch; b++) f32[means + b] = f32[means + b]! / features;
      for (let f = 0; f < features; f++) {
        const d = (dPtr >>> 2) + f * batch;
        const scale = f32[(scalePtr >>> 2) + f]!;
        for (let b = 0; b < batch; b++) {
          const centered = fround(fround(f32[d + b]! * scale) - f32[means + b]!);
          const rest = fround(centered - fround(normalAt(f, b) * f32[products + b]!));
          f32[d + b] = f32[(inverseStdPtr >>> 2) + b]! * rest;
        }
      }
    },
  };
}

import { sumLanes } from "./sumLanes.ts";

const fround = Math.fround;

export function denseBackwardWeightsKernels(f32: Float32Array) {
  return {
    /**
     * dWeight[o][i] = sum_b dOutput[o][b] * input[i][b]; dBias[o] = sum_b dOutput[o][b]. Sums in four lanes.
     * dWeight (outputs, inputs), dBias (outputs), dOutput (outputs, batch), input (inputs, batch).
     * scratch (4, batch): overwritten with undefined values.
     */
    denseBackwardWeights(
      dWeightPtr: number,
      dBiasPtr: number,
      dOutputPtr: number,
      inputPtr: number,
      _scratchPtr: number,
      outputs: number,
      inputs: number,
      batch: number,
    ): void {
      const dWeight = dWeightPtr >>> 2;
      const dBias = dBiasPtr >>> 2;
      const dOutput = dOutputPtr >>> 2;
      const input = inputPtr >>> 2;
      const last = inputs - 1;
      for (let o = 0; o < outputs; o++) {
        const row = dOutput + o * batch;
        const rowEnd = row + batch;
        let s0 = 0;
        let s1 = 0;
        let s2 = 0;
        let s3 = 0;
        for (let g = row; g < rowEnd; g += 4) {
          s0 = fround(s0 + f32[g]!);
          s1 = fround(s1 + f32[g + 1]!);
          s2 = fround(s2 + f32[g + 2]!);
          s3 = fround(s3 + f32[g + 3]!);
        }
        f32[dBias + o] = sumLanes(s0, s1, s2, s3);
        const dRow = dWeight + o * inputs;
        for (let i = 0; i < inputs; i += 2) {
          const i1 = i < last ? i + 1 : i;
          let a0 = 0;
          let a1 = 0;
          let a2 = 0;
          let a3 = 0;
          let b0 = 0;
          let b1 = 0;
          let b2 = 0;
          let b3 = 0;
          let x = input + i * batch;
          let y = input + i1 * batch;
          for (let g = row; g < rowEnd; g += 4) {
            const g0 = f32[g]!;
            const g1 = f32[g + 1]!;
            const g2 = f32[g + 2]!;
            const g3 = f32[g + 3]!;
            a0 = fround(fround(g0 * f32[x]!) + a0);
            a1 = fround(fround(g1 * f32[x + 1]!) + a1);
            a2 = fround(fround(g2 * f32[x + 2]!) + a2);
            a3 = fround(fround(g3 * f32[x + 3]!) + a3);
            b0 = fround(fround(g0 * f32[y]!) + b0);
            b1 = fround(fround(g1 * f32[y + 1]!) + b1);
            b2 = fround(fround(g2 * f32[y + 2]!) + b2);
            b3 = fround(fround(g3 * f32[y + 3]!) + b3);
            x += 4;
            y += 4;
          }
          f32[dRow + i] = sumLanes(a0, a1, a2, a3);
          f32[dRow + i1] = sumLanes(b0, b1, b2, b3);
        }
      }
    },
  };
}

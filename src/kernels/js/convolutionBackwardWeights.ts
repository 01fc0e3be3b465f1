import { outside } from "../convolutionRows.ts";
import { sumLanes } from "./sumLanes.ts";

const fround = Math.fround;

export function convolutionBackwardWeightsKernels(f32: Float32Array, u32: Uint32Array) {
  return {
    /**
     * With the arrays of `convForward`: dWeight[o][j] = sum_p sum_b dOutput[o][p][b] * input[rows[p][j]][b];
     * dBias[o] = sum_p sum_b dOutput[o][p][b]. Sums in four lanes, pixel by pixel.
     * dWeight (filters, patch), dBias (filters), dOutput (filters, pixels, batch), input (any, batch), rows (pixels, patch) u32.
     * scratch (4, pixels, batch): overwritten with undefined values.
     */
    convBackwardWeights(
      dWeightPtr: number,
      dBiasPtr: number,
      dOutputPtr: number,
      inputPtr: number,
      rowsPtr: number,
      _scratchPtr: number,
      filters: number,
      patch: number,
      pixels: number,
      batch: number,
    ): void {
      const input = inputPtr >>> 2;
      const rows = rowsPtr >>> 2;
      for (let o = 0; o < filters; o++) {
        const d = (dOutputPtr >>> 2) + o * pixels * batch;
        let s0 = 0;
        let s1 = 0;
        let s2 = 0;
        let s3 = 0;
        for (let g = d; g < d + pixels * batch; g += 4) {
          s0 = fround(s0 + f32[g]!);
          s1 = fround(s1 + f32[g + 1]!);
          s2 = fround(s2 + f32[g + 2]!);
          s3 = fround(s3 + f32[g + 3]!);
        }
        f32[(dBiasPtr >>> 2) + o] = sumLanes(s0, s1, s2, s3);
        for (let j = 0; j < patch; j++) {
          s0 = 0;
          s1 = 0;
          s2 = 0;
          s3 = 0;
          for (let p = 0; p < pixels; p++) {
            const row = u32[rows + p * patch + j]!;
            // A product with 0 would add 0.
            if (row === outside) continue;
            let x = input + row * batch;
            for (let g = d + p * batch; g < d + (p + 1) * batch; g += 4) {
              s0 = fround(fround(f32[g]! * f32[x]!) + s0);
              s1 = fround(fround(f32[g + 1]! * f32[x + 1]!) + s1);
              s2 = fround(fround(f32[g + 2]! * f32[x + 2]!) + s2);
              s3 = fround(fround(f32[g + 3]! * f32[x + 3]!) + s3);
              x += 4;
            }
          }
          f32[(dWeightPtr >>> 2) + o * patch + j] = sumLanes(s0, s1, s2, s3);
        }
      }
    },
  };
}

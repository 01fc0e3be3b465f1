import { outside } from "../convolutionRows.ts";

const fround = Math.fround;

export function convolutionKernels(f32: Float32Array, u32: Uint32Array) {
  return {
    /**
     * A convolution as a dense layer whose input differs between pixels:
     * output[o][p][b] = max(bias[o] + sum_j weight[o][j] * input[rows[p][j]][b], lowerBound), j ascending.
     * output (filters, pixels, batch), input (any, batch), weight (filters, patch), bias (filters), rows (pixels, patch) u32.
     * The patch of pixel p has the rows rows[p] of the input: channels x kernel rows x kernel columns in PyTorch's order. The table
     * defines stride, padding and the order of the input. A row 0xffffffff is 0: padding.
     * scratch (4 ceil(filters / 4) (patch + 1) + 8 patch + 32): overwritten with undefined values.
     */
    convForward(
      outputPtr: number,
      inputPtr: number,
      weightPtr: number,
      biasPtr: number,
      rowsPtr: number,
      _scratchPtr: number,
      filters: number,
      patch: number,
      pixels: number,
      batch: number,
      lowerBound: number,
    ): void {
      const input = inputPtr >>> 2;
      const rows = rowsPtr >>> 2;
      let y = outputPtr >>> 2;
      for (let o = 0; o < filters; o++) {
        const bias = f32[(biasPtr >>> 2) + o]!;
        const w = (weightPtr >>> 2) + o * patch;
        for (let p = 0; p < pixels; p++) {
          const r = rows + p * patch;
          for (let b = 0; b < batch; b += 4) {
            let a0 = bias;
            let a1 = bias;
            let a2 = bias;
            let a3 = bias;
            for (let j = 0; j < patch; j++) {
              const row = u32[r + j]!;
              const inside = row !== outside;
              const x = input + row * batch + b;
              const weight = f32[w + j]!;
              a0 = fround(fround(weight * (inside ? f32[x]! : 0)) + a0);
              a1 = fround(fround(weight * (inside ? f32[x + 1]! : 0)) + a1);
              a2 = fround(fround(weight * (inside ? f32[x + 2]! : 0)) + a2);
              a3 = fround(fround(weight * (inside ? f32[x + 3]! : 0)) + a3);
            }
            f32[y] = a0 < lowerBound ? lowerBound : a0;
            f32[y + 1] = a1 < lowerBound ? lowerBound : a1;
            f32[y + 2] = a2 < lowerBound ? lowerBound : a2;
            f32[y + 3] = a3 < lowerBound ? lowerBound : a3;
            y += 4;
          }
        }
      }
    },

    /** `convForward` for one observation, with the same bits: output (filters, pixels), input (any). */
    convForwardOne(
      outputPtr: number,
      inputPtr: number,
      weightPtr: number,
      biasPtr: number,
      rowsPtr: number,
      _scratchPtr: number,
      filters: number,
      patch: number,
      pixels: number,
      lowerBound: number,
    ): void {
      const input = inputPtr >>> 2;
      let y = outputPtr >>> 2;
      for (let o = 0; o < filters; o++) {
        const w = (weightPtr >>> 2) + o * patch;
        let r = rowsPtr >>> 2;
        for (let p = 0; p < pixels; p++) {
          let sum = f32[(biasPtr >>> 2) + o]!;
          for (let j = 0; j < patch; j++) {
            const row = u32[r++]!;
            const x = row === outside ? 0 : f32[input + row]!;
            sum = fround(fround(f32[w + j]! * x) + sum);
          }
          f32[y++] = sum < lowerBound ? lowerBound : sum;
        }
      }
    },
  };
}

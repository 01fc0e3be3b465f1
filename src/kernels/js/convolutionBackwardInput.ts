import { activationCodes } from "../activationCodes.ts";
import { outside } from "../convolutionRows.ts";

const fround = Math.fround;

export function convolutionBackwardInputKernels(f32: Float32Array, u32: Uint32Array) {
  return {
    /**
     * dInput[c][q][b] = f'(input[c][q][b]) * sum_o sum_k weight[o][c][k] * dOutput[rows[q][o][k]][b], o and k ascending.
     * `input` is the output of the activation f, one of `activationCodes`.
     * dInput and input (channels, positions, batch), weight (filters, channels, area), rows (positions, filters, area) u32.
     * dOutput (filters, pixels, batch), whose row o * pixels + p is the gradient of pixel p of filter o: rows[q][o][k] is the pixel
     * that weight k multiplies with position q. A row 0xffffffff is 0: no pixel.
     * scratch (4 ceil(channels / 4) (filters area + 1) + 8 filters area + 32): overwritten with undefined values.
     */
    convBackwardInput(
      dInputPtr: number,
      dOutputPtr: number,
      weightPtr: number,
      inputPtr: number,
      rowsPtr: number,
      _scratchPtr: number,
      filters: number,
      channels: number,
      area: number,
      positions: number,
      batch: number,
      activation: number,
    ): void {
      const input = inputPtr >>> 2;
      const dOutput = dOutputPtr >>> 2;
      const count = channels * positions * batch;
      for (let at = 0; at < count; at++) {
        const b = at % batch;
        const q = Math.floor(at / batch) % positions;
        const c = Math.floor(at / (batch * positions));
        let r = (rowsPtr >>> 2) + q * filters * area;
        let sum = 0;
        for (let o = 0; o < filters; o++) {
          const w = (weightPtr >>> 2) + (o * channels + c) * area;
          for (let k = 0; k < area; k++) {
            const row = u32[r++]!;
            // A product with 0 would add 0.
            if (row === outside) continue;
            sum = fround(fround(f32[w + k]! * f32[dOutput + row * batch + b]!) + sum);
          }
        }
        const y = f32[input + at]!;
        if (activation === activationCodes.relu) sum = y > 0 ? sum : 0;
        if (activation === activationCodes.tanh) sum = fround(sum * fround(1 - fround(y * y)));
        f32[(dInputPtr >>> 2) + at] = sum;
      }
    },
  };
}

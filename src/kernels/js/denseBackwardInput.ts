import { activationCodes } from "../activationCodes.ts";

const fround = Math.fround;

function tanhSlope(y: number): number {
  return fround(1 - fround(y * y));
}

export function denseBackwardInputKernels(f32: Float32Array) {
  function storeThrough(
    d: number,
    shift: number,
    d0: number,
    d1: number,
    d2: number,
    d3: number,
    activation: number,
  ): void {
    const y = d + shift;
    if (activation === activationCodes.identity) {
      f32[d] = d0;
      f32[d + 1] = d1;
      f32[d + 2] = d2;
      f32[d + 3] = d3;
    } else if (activation === activationCodes.relu) {
      f32[d] = f32[y]! > 0 ? d0 : 0;
      f32[d + 1] = f32[y + 1]! > 0 ? d1 : 0;
      f32[d + 2] = f32[y + 2]! > 0 ? d2 : 0;
      f32[d + 3] = f32[y + 3]! > 0 ? d3 : 0;
    } else {
      f32[d] = d0 * tanhSlope(f32[y]!);
      f32[d + 1] = d1 * tanhSlope(f32[y + 1]!);
      f32[d + 2] = d2 * tanhSlope(f32[y + 2]!);
      f32[d + 3] = d3 * tanhSlope(f32[y + 3]!);
    }
  }

  return {
    /**
     * dInput[i][b] = f'(input[i][b]) * sum_o weight[o][i] * dOutput[o][b], o ascending.
     * `input` is the output of the activation f, one of `activationCodes`: f' is 1 for identity, 0 or 1 for ReLU, 1 - input^2 for tanh.
     * dInput and input (inputs, batch), dOutput (outputs, batch), weight (outputs, inputs).
     * scratch (outputs, 16): overwritten with undefined values.
     */
    denseBackwardInput(
      dInputPtr: number,
      dOutputPtr: number,
      weightPtr: number,
      inputPtr: number,
      _scratchPtr: number,
      outputs: number,
      inputs: number,
      batch: number,
      activation: number,
    ): void {
      const dInput = dInputPtr >>> 2;
      const dOutput = dOutputPtr >>> 2;
      const weight = weightPtr >>> 2;
      const shift = (inputPtr >>> 2) - dInput;
      const last = inputs - 1;
      for (let i = 0; i < inputs; i += 2) {
        const second = i < last ? 1 : 0;
        const y0 = dInput + i * batch;
        const y1 = y0 + second * batch;
        for (let b = 0; b < batch; b += 4) {
          let a00 = 0;
          let a01 = 0;
          let a02 = 0;
          let a03 = 0;
          let a10 = 0;
          let a11 = 0;
          let a12 = 0;
          let a13 = 0;
          let d = dOutput + b;
          let w = weight + i;
          for (let o = 0; o < outputs; o++) {
            const d0 = f32[d]!;
            const d1 = f32[d + 1]!;
            const d2 = f32[d + 2]!;
            const d3 = f32[d + 3]!;
            const weight0 = f32[w]!;
            const weight1 = f32[w + second]!;
            a00 = fround(fround(weight0 * d0) + a00);
            a01 = fround(fround(weight0 * d1) + a01);
            a02 = fround(fround(weight0 * d2) + a02);
            a03 = fround(fround(weight0 * d3) + a03);
            a10 = fround(fround(weight1 * d0) + a10);
            a11 = fround(fround(weight1 * d1) + a11);
            a12 = fround(fround(weight1 * d2) + a12);
            a13 = fround(fround(weight1 * d3) + a13);
            d += batch;
            w += inputs;
          }
          storeThrough(y0 + b, shift, a00, a01, a02, a03, activation);
          storeThrough(y1 + b, shift, a10, a11, a12, a13, activation);
        }
      }
    },
  };
}

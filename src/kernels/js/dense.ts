import { sumLanes } from "./sumLanes.ts";

const fround = Math.fround;

export function denseKernels(f32: Float32Array) {
  return {
    /**
     * output[o][b] = max(bias[o] + sum_i weight[o][i] * input[i][b], lowerBound), i ascending.
     * output (outputs, batch), input (inputs, batch), weight (outputs, inputs), bias (outputs).
     * lowerBound: 0 for ReLU, -Infinity for no bound.
     */
    denseForward(
      outputPtr: number,
      inputPtr: number,
      weightPtr: number,
      biasPtr: number,
      outputs: number,
      inputs: number,
      batch: number,
      lowerBound: number,
    ): void {
      const output = outputPtr >>> 2;
      const input = inputPtr >>> 2;
      const weight = weightPtr >>> 2;
      const bias = biasPtr >>> 2;
      const last = outputs - 1;
      for (let o = 0; o < outputs; o += 2) {
        const o1 = o < last ? o + 1 : o;
        const bias0 = f32[bias + o]!;
        const bias1 = f32[bias + o1]!;
        const w0 = weight + o * inputs;
        const w1 = weight + o1 * inputs;
        const y0 = output + o * batch;
        const y1 = output + o1 * batch;
        for (let b = 0; b < batch; b += 4) {
          let a00 = bias0;
          let a01 = bias0;
          let a02 = bias0;
          let a03 = bias0;
          let a10 = bias1;
          let a11 = bias1;
          let a12 = bias1;
          let a13 = bias1;
          let x = input + b;
          for (let i = 0; i < inputs; i++) {
            const x0 = f32[x]!;
            const x1 = f32[x + 1]!;
            const x2 = f32[x + 2]!;
            const x3 = f32[x + 3]!;
            const weight0 = f32[w0 + i]!;
            const weight1 = f32[w1 + i]!;
            a00 = fround(fround(weight0 * x0) + a00);
            a01 = fround(fround(weight0 * x1) + a01);
            a02 = fround(fround(weight0 * x2) + a02);
            a03 = fround(fround(weight0 * x3) + a03);
            a10 = fround(fround(weight1 * x0) + a10);
            a11 = fround(fround(weight1 * x1) + a11);
            a12 = fround(fround(weight1 * x2) + a12);
            a13 = fround(fround(weight1 * x3) + a13);
            x += batch;
          }
          f32[y0 + b] = a00 < lowerBound ? lowerBound : a00;
          f32[y0 + b + 1] = a01 < lowerBound ? lowerBound : a01;
          f32[y0 + b + 2] = a02 < lowerBound ? lowerBound : a02;
          f32[y0 + b + 3] = a03 < lowerBound ? lowerBound : a03;
          f32[y1 + b] = a10 < lowerBound ? lowerBound : a10;
          f32[y1 + b + 1] = a11 < lowerBound ? lowerBound : a11;
          f32[y1 + b + 2] = a12 < lowerBound ? lowerBound : a12;
          f32[y1 + b + 3] = a13 < lowerBound ? lowerBound : a13;
        }
      }
    },

    /**
     * `denseForward` for one observation: output (outputs), input (inputs).
     * Sums in four lanes (i mod 4), then adds the last `inputs` mod 4 products one by one, then the bias.
     */
    denseForwardOne(
      outputPtr: number,
      inputPtr: number,
      weightPtr: number,
      biasPtr: number,
      outputs: number,
      inputs: number,
      lowerBound: number,
    ): void {
      const output = outputPtr >>> 2;
      const input = inputPtr >>> 2;
      const bias = biasPtr >>> 2;
      const whole = inputs & ~3;
      let w = weightPtr >>> 2;
      for (let o = 0; o < outputs; o++) {
        let a0 = 0;
        let a1 = 0;
        let a2 = 0;
        let a3 = 0;
        for (let i = 0; i < whole; i += 4) {
          const x = input + i;
          a0 = fround(fround(f32[w]! * f32[x]!) + a0);
          a1 = fround(fround(f32[w + 1]! * f32[x + 1]!) + a1);
          a2 = fround(fround(f32[w + 2]! * f32[x + 2]!) + a2);
          a3 = fround(fround(f32[w + 3]! * f32[x + 3]!) + a3);
          w += 4;
        }
        let sum = sumLanes(a0, a1, a2, a3);
        for (let i = whole; i < inputs; i++) {
          sum = fround(fround(f32[w]! * f32[input + i]!) + sum);
          w++;
        }
        sum = fround(sum + f32[bias + o]!);
        f32[output + o] = sum < lowerBound ? lowerBound : sum;
      }
    },
  };
}

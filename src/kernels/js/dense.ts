import type { Kernels } from "../kernels.ts";

const fround = Math.fround;

type DenseKernels = Pick<
  Kernels,
  "denseForward" | "denseForwardOne" | "denseBackwardWeights" | "denseBackwardInput"
>;

/** The dense layer's kernels in plain JavaScript. `f32` views the whole memory. */
export function denseKernels(f32: Float32Array): DenseKernels {
  return {
    denseForward(outputPtr, inputPtr, weightPtr, biasPtr, outputs, inputs, batch, lowerBound) {
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

    denseForwardOne(outputPtr, inputPtr, weightPtr, biasPtr, outputs, inputs, lowerBound) {
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
        let sum = fround(fround(a0 + a1) + fround(a2 + a3));
        for (let i = whole; i < inputs; i++) {
          sum = fround(fround(f32[w]! * f32[input + i]!) + sum);
          w++;
        }
        sum = fround(sum + f32[bias + o]!);
        f32[output + o] = sum < lowerBound ? lowerBound : sum;
      }
    },

    denseBackwardWeights(dWeightPtr, dBiasPtr, dOutputPtr, inputPtr, outputs, inputs, batch) {
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
        f32[dBias + o] = fround(fround(s0 + s1) + fround(s2 + s3));
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
          f32[dRow + i] = fround(fround(a0 + a1) + fround(a2 + a3));
          f32[dRow + i1] = fround(fround(b0 + b1) + fround(b2 + b3));
        }
      }
    },

    denseBackwardInput(dInputPtr, dOutputPtr, weightPtr, outputs, inputs, batch) {
      const dInput = dInputPtr >>> 2;
      const dOutput = dOutputPtr >>> 2;
      const weight = weightPtr >>> 2;
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
          f32[y0 + b] = a00;
          f32[y0 + b + 1] = a01;
          f32[y0 + b + 2] = a02;
          f32[y0 + b + 3] = a03;
          f32[y1 + b] = a10;
          f32[y1 + b + 1] = a11;
          f32[y1 + b + 2] = a12;
          f32[y1 + b + 3] = a13;
        }
      }
    },
  };
}

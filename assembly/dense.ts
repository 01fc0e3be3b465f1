// A fully connected layer. Activations are feature-major, [features][batch], so the batch is the vector
// axis and every layer fills its lanes, however narrow; weights are [outputs][inputs], PyTorch's order.
//
// Each kernel works in register blocks. At a ragged edge the block does not shrink: indices past the end are
// clamped to the last row, which computes and stores that row again with the same result.
import { addPairs, multiplyAdd, storeLanes } from "./simd";

/**
 * output[o][b] = max(bias[o] + sum_i weight[o][i] * input[i][b], lowerBound), i ascending.
 * output (outputs, batch), input (inputs, batch), weight (outputs, inputs), bias (outputs); batch a multiple of 8.
 */
export function denseForward(
  outputPtr: usize,
  inputPtr: usize,
  weightPtr: usize,
  biasPtr: usize,
  outputs: i32,
  inputs: i32,
  batch: i32,
  lowerBound: f32,
): void {
  const rowBytes = (<usize>batch) << 2;
  const weightRowBytes = (<usize>inputs) << 2;
  const floor = f32x4.splat(lowerBound);
  const last = outputs - 1;
  for (let o = 0; o < outputs; o += 4) {
    const o1 = min(o + 1, last);
    const o2 = min(o + 2, last);
    const o3 = min(o + 3, last);
    const w0 = weightPtr + <usize>o * weightRowBytes;
    const d1 = <usize>(o1 - o) * weightRowBytes;
    const d2 = <usize>(o2 - o) * weightRowBytes;
    const d3 = <usize>(o3 - o) * weightRowBytes;
    const wEnd = w0 + weightRowBytes;
    const bias0 = v128.load32_splat(biasPtr + ((<usize>o) << 2));
    const bias1 = v128.load32_splat(biasPtr + ((<usize>o1) << 2));
    const bias2 = v128.load32_splat(biasPtr + ((<usize>o2) << 2));
    const bias3 = v128.load32_splat(biasPtr + ((<usize>o3) << 2));
    const y0 = outputPtr + <usize>o * rowBytes;
    const y1 = outputPtr + <usize>o1 * rowBytes;
    const y2 = outputPtr + <usize>o2 * rowBytes;
    const y3 = outputPtr + <usize>o3 * rowBytes;
    for (let column: usize = 0; column < rowBytes; column += 32) {
      let a00 = bias0;
      let a01 = bias0;
      let a10 = bias1;
      let a11 = bias1;
      let a20 = bias2;
      let a21 = bias2;
      let a30 = bias3;
      let a31 = bias3;
      let x = inputPtr + column;
      for (let w = w0; w < wEnd; w += 4) {
        const x0 = v128.load(x);
        const x1 = v128.load(x, 16);
        let weight = v128.load32_splat(w);
        a00 = multiplyAdd(weight, x0, a00);
        a01 = multiplyAdd(weight, x1, a01);
        weight = v128.load32_splat(w + d1);
        a10 = multiplyAdd(weight, x0, a10);
        a11 = multiplyAdd(weight, x1, a11);
        weight = v128.load32_splat(w + d2);
        a20 = multiplyAdd(weight, x0, a20);
        a21 = multiplyAdd(weight, x1, a21);
        weight = v128.load32_splat(w + d3);
        a30 = multiplyAdd(weight, x0, a30);
        a31 = multiplyAdd(weight, x1, a31);
        x += rowBytes;
      }
      v128.store(y0 + column, f32x4.pmax(a00, floor));
      v128.store(y0 + column, f32x4.pmax(a01, floor), 16);
      v128.store(y1 + column, f32x4.pmax(a10, floor));
      v128.store(y1 + column, f32x4.pmax(a11, floor), 16);
      v128.store(y2 + column, f32x4.pmax(a20, floor));
      v128.store(y2 + column, f32x4.pmax(a21, floor), 16);
      v128.store(y3 + column, f32x4.pmax(a30, floor));
      v128.store(y3 + column, f32x4.pmax(a31, floor), 16);
    }
  }
}

/**
 * The same layer for one observation, for acting: output[o] = max(sum_i weight[o][i] * input[i] + bias[o],
 * lowerBound). Here `inputs` is the vector axis: four lanes (i mod 4), (0 + 1) + (2 + 3), the inputs after the
 * last whole vector one by one, then the bias. output (outputs), input (inputs).
 */
export function denseForwardOne(
  outputPtr: usize,
  inputPtr: usize,
  weightPtr: usize,
  biasPtr: usize,
  outputs: i32,
  inputs: i32,
  lowerBound: f32,
): void {
  const inputEnd = inputPtr + ((<usize>inputs) << 2);
  const vectorEnd = inputPtr + ((<usize>(inputs & ~3)) << 2);
  const weightRowBytes = (<usize>inputs) << 2;
  const floor = f32x4.splat(lowerBound);
  const last = outputs - 1;
  for (let o = 0; o < outputs; o += 4) {
    const o1 = min(o + 1, last);
    const o2 = min(o + 2, last);
    const o3 = min(o + 3, last);
    let w0 = weightPtr + <usize>o * weightRowBytes;
    const d1 = <usize>(o1 - o) * weightRowBytes;
    const d2 = <usize>(o2 - o) * weightRowBytes;
    const d3 = <usize>(o3 - o) * weightRowBytes;
    let a0 = f32x4.splat(0);
    let a1 = f32x4.splat(0);
    let a2 = f32x4.splat(0);
    let a3 = f32x4.splat(0);
    let x = inputPtr;
    for (; x < vectorEnd; x += 16) {
      const x0 = v128.load(x);
      a0 = multiplyAdd(v128.load(w0), x0, a0);
      a1 = multiplyAdd(v128.load(w0 + d1), x0, a1);
      a2 = multiplyAdd(v128.load(w0 + d2), x0, a2);
      a3 = multiplyAdd(v128.load(w0 + d3), x0, a3);
      w0 += 16;
    }
    let sum = addPairs(addPairs(a0, a1), addPairs(a2, a3));
    for (; x < inputEnd; x += 4) {
      let weight = v128.load32_zero(w0);
      weight = v128.load_lane<f32>(w0 + d1, weight, 1);
      weight = v128.load_lane<f32>(w0 + d2, weight, 2);
      weight = v128.load_lane<f32>(w0 + d3, weight, 3);
      sum = multiplyAdd(weight, v128.load32_splat(x), sum);
      w0 += 4;
    }
    const biasAt = biasPtr + ((<usize>o) << 2);
    const y = outputPtr + ((<usize>o) << 2);
    if (o + 4 <= outputs) {
      v128.store(y, f32x4.pmax(f32x4.add(sum, v128.load(biasAt)), floor));
    } else {
      for (let k = o; k < outputs; ++k) {
        const offset = (<usize>(k - o)) << 2;
        const total = f32x4.add(sum, v128.load32_splat(biasAt + offset));
        v128.store_lane<f32>(y + offset, f32x4.pmax(total, floor), 0);
        sum = v128.shuffle<f32>(sum, sum, 1, 2, 3, 0);
      }
    }
  }
}

/**
 * dWeight[o][i] = sum_b dOutput[o][b] * input[i][b]; dBias[o] = sum_b dOutput[o][b]; each sum in four lanes (b mod 4),
 * then (0 + 1) + (2 + 3). dWeight (outputs, inputs), dBias (outputs), dOutput (outputs, batch), input (inputs,
 * batch); batch a multiple of 8.
 */
export function denseBackwardWeights(
  dWeightPtr: usize,
  dBiasPtr: usize,
  dOutputPtr: usize,
  inputPtr: usize,
  outputs: i32,
  inputs: i32,
  batch: i32,
): void {
  const rowBytes = (<usize>batch) << 2;
  const weightRowBytes = (<usize>inputs) << 2;
  const lastOutput = outputs - 1;
  const lastInput = inputs - 1;
  for (let o = 0; o < outputs; o += 2) {
    const o1 = min(o + 1, lastOutput);
    const g0 = dOutputPtr + <usize>o * rowBytes;
    const g1 = dOutputPtr + <usize>o1 * rowBytes;
    sumRowPair(dBiasPtr + ((<usize>o) << 2), dBiasPtr + ((<usize>o1) << 2), g0, g1, rowBytes);
    const dWeight0 = dWeightPtr + <usize>o * weightRowBytes;
    const dWeight1 = dWeightPtr + <usize>o1 * weightRowBytes;
    for (let i = 0; i < inputs; i += 4) {
      const i1 = min(i + 1, lastInput);
      const i2 = min(i + 2, lastInput);
      const i3 = min(i + 3, lastInput);
      const x0 = inputPtr + <usize>i * rowBytes;
      const x1 = inputPtr + <usize>i1 * rowBytes;
      const x2 = inputPtr + <usize>i2 * rowBytes;
      const x3 = inputPtr + <usize>i3 * rowBytes;
      let a00 = f32x4.splat(0);
      let a01 = f32x4.splat(0);
      let a02 = f32x4.splat(0);
      let a03 = f32x4.splat(0);
      let a10 = f32x4.splat(0);
      let a11 = f32x4.splat(0);
      let a12 = f32x4.splat(0);
      let a13 = f32x4.splat(0);
      for (let column: usize = 0; column < rowBytes; column += 16) {
        const d0 = v128.load(g0 + column);
        const d1 = v128.load(g1 + column);
        let x = v128.load(x0 + column);
        a00 = multiplyAdd(d0, x, a00);
        a10 = multiplyAdd(d1, x, a10);
        x = v128.load(x1 + column);
        a01 = multiplyAdd(d0, x, a01);
        a11 = multiplyAdd(d1, x, a11);
        x = v128.load(x2 + column);
        a02 = multiplyAdd(d0, x, a02);
        a12 = multiplyAdd(d1, x, a12);
        x = v128.load(x3 + column);
        a03 = multiplyAdd(d0, x, a03);
        a13 = multiplyAdd(d1, x, a13);
      }
      const row0 = addPairs(addPairs(a00, a01), addPairs(a02, a03));
      const row1 = addPairs(addPairs(a10, a11), addPairs(a12, a13));
      const c0 = (<usize>i) << 2;
      if (i + 4 <= inputs) {
        v128.store(dWeight0 + c0, row0);
        v128.store(dWeight1 + c0, row1);
      } else {
        const c1 = (<usize>i1) << 2;
        const c2 = (<usize>i2) << 2;
        const c3 = (<usize>i3) << 2;
        storeLanes(dWeight0 + c0, dWeight0 + c1, dWeight0 + c2, dWeight0 + c3, row0);
        storeLanes(dWeight1 + c0, dWeight1 + c1, dWeight1 + c2, dWeight1 + c3, row1);
      }
    }
  }
}

/** The lane-ordered sums of two rows of rowBytes bytes, written to out0 and out1. */
function sumRowPair(out0: usize, out1: usize, row0: usize, row1: usize, rowBytes: usize): void {
  let a0 = f32x4.splat(0);
  let a1 = f32x4.splat(0);
  for (let column: usize = 0; column < rowBytes; column += 16) {
    a0 = f32x4.add(a0, v128.load(row0 + column));
    a1 = f32x4.add(a1, v128.load(row1 + column));
  }
  const pairs = addPairs(a0, a1);
  const sums = addPairs(pairs, pairs);
  v128.store_lane<f32>(out0, sums, 0);
  v128.store_lane<f32>(out1, sums, 1);
}

/**
 * dInput[i][b] = sum_o weight[o][i] * dOutput[o][b], o ascending from 0.
 * dInput (inputs, batch), dOutput (outputs, batch), weight (outputs, inputs); batch a multiple of 8.
 */
export function denseBackwardInput(
  dInputPtr: usize,
  dOutputPtr: usize,
  weightPtr: usize,
  outputs: i32,
  inputs: i32,
  batch: i32,
): void {
  const rowBytes = (<usize>batch) << 2;
  const weightRowBytes = (<usize>inputs) << 2;
  const weightBytes = <usize>outputs * weightRowBytes;
  const last = inputs - 1;
  for (let i = 0; i < inputs; i += 4) {
    const i1 = min(i + 1, last);
    const i2 = min(i + 2, last);
    const i3 = min(i + 3, last);
    const w0 = weightPtr + ((<usize>i) << 2);
    const c1 = (<usize>(i1 - i)) << 2;
    const c2 = (<usize>(i2 - i)) << 2;
    const c3 = (<usize>(i3 - i)) << 2;
    const wEnd = w0 + weightBytes;
    const y0 = dInputPtr + <usize>i * rowBytes;
    const y1 = dInputPtr + <usize>i1 * rowBytes;
    const y2 = dInputPtr + <usize>i2 * rowBytes;
    const y3 = dInputPtr + <usize>i3 * rowBytes;
    for (let column: usize = 0; column < rowBytes; column += 32) {
      let a00 = f32x4.splat(0);
      let a01 = f32x4.splat(0);
      let a10 = f32x4.splat(0);
      let a11 = f32x4.splat(0);
      let a20 = f32x4.splat(0);
      let a21 = f32x4.splat(0);
      let a30 = f32x4.splat(0);
      let a31 = f32x4.splat(0);
      let d = dOutputPtr + column;
      for (let w = w0; w < wEnd; w += weightRowBytes) {
        const d0 = v128.load(d);
        const d1 = v128.load(d, 16);
        let weight = v128.load32_splat(w);
        a00 = multiplyAdd(weight, d0, a00);
        a01 = multiplyAdd(weight, d1, a01);
        weight = v128.load32_splat(w + c1);
        a10 = multiplyAdd(weight, d0, a10);
        a11 = multiplyAdd(weight, d1, a11);
        weight = v128.load32_splat(w + c2);
        a20 = multiplyAdd(weight, d0, a20);
        a21 = multiplyAdd(weight, d1, a21);
        weight = v128.load32_splat(w + c3);
        a30 = multiplyAdd(weight, d0, a30);
        a31 = multiplyAdd(weight, d1, a31);
        d += rowBytes;
      }
      v128.store(y0 + column, a00);
      v128.store(y0 + column, a01, 16);
      v128.store(y1 + column, a10);
      v128.store(y1 + column, a11, 16);
      v128.store(y2 + column, a20);
      v128.store(y2 + column, a21, 16);
      v128.store(y3 + column, a30);
      v128.store(y3 + column, a31, 16);
    }
  }
}

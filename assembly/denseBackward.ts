// A fully connected layer, backward: the gradients of its weights and of its input. Shapes and register blocks as in
// dense.ts; no kernel starts from what lies in its output.
import { addPairs, multiplyAdd, storeLanes } from "./simd";

/** Rows of the input taken together, so that a wide layer's stay in the cache while all outputs pass. */
const INPUT_ROWS = 32;

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
  const last = outputs - 1;
  sumRows(dBiasPtr, dOutputPtr, outputs, rowBytes);
  for (let i = 0; i < inputs; i += INPUT_ROWS) {
    const end = min(i + INPUT_ROWS, inputs);
    for (let o = 0; o < outputs; o += 2) {
      const o1 = min(o + 1, last);
      const g0 = dOutputPtr + <usize>o * rowBytes;
      const g1 = dOutputPtr + <usize>o1 * rowBytes;
      const dWeight0 = dWeightPtr + <usize>o * weightRowBytes;
      const dWeight1 = dWeightPtr + <usize>o1 * weightRowBytes;
      weightGradients(dWeight0, dWeight1, g0, g1, inputPtr, i, end, rowBytes);
    }
  }
}

/** The gradients of two outputs' weights for the inputs from `begin` to `end`, four inputs at a time. */
function weightGradients(
  dWeight0: usize,
  dWeight1: usize,
  g0: usize,
  g1: usize,
  inputPtr: usize,
  begin: i32,
  end: i32,
  rowBytes: usize,
): void {
  const last = end - 1;
  for (let i = begin; i < end; i += 4) {
    const i1 = min(i + 1, last);
    const i2 = min(i + 2, last);
    const i3 = min(i + 3, last);
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
    if (i + 4 <= end) {
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

/** sums[r] = sum_b values[r][b] in four lanes; values (rows, batch), four rows at a time. */
function sumRows(sumsPtr: usize, valuesPtr: usize, rows: i32, rowBytes: usize): void {
  const last = rows - 1;
  for (let r = 0; r < rows; r += 4) {
    const r1 = min(r + 1, last);
    const r2 = min(r + 2, last);
    const r3 = min(r + 3, last);
    const v0 = valuesPtr + <usize>r * rowBytes;
    const v1 = valuesPtr + <usize>r1 * rowBytes;
    const v2 = valuesPtr + <usize>r2 * rowBytes;
    const v3 = valuesPtr + <usize>r3 * rowBytes;
    let a0 = f32x4.splat(0);
    let a1 = f32x4.splat(0);
    let a2 = f32x4.splat(0);
    let a3 = f32x4.splat(0);
    for (let column: usize = 0; column < rowBytes; column += 32) {
      a0 = f32x4.add(a0, v128.load(v0 + column));
      a1 = f32x4.add(a1, v128.load(v1 + column));
      a2 = f32x4.add(a2, v128.load(v2 + column));
      a3 = f32x4.add(a3, v128.load(v3 + column));
      a0 = f32x4.add(a0, v128.load(v0 + column, 16));
      a1 = f32x4.add(a1, v128.load(v1 + column, 16));
      a2 = f32x4.add(a2, v128.load(v2 + column, 16));
      a3 = f32x4.add(a3, v128.load(v3 + column, 16));
    }
    const sums = addPairs(addPairs(a0, a1), addPairs(a2, a3));
    const s0 = sumsPtr + ((<usize>r) << 2);
    const s1 = sumsPtr + ((<usize>r1) << 2);
    storeLanes(s0, s1, sumsPtr + ((<usize>r2) << 2), sumsPtr + ((<usize>r3) << 2), sums);
  }
}

/**
 * Copies four columns of weights (rows, columns) side by side, 16 bytes a row: in place they lie a whole row apart, and
 * where that is a power of two they crowd each other out of the cache.
 */
function packColumns(
  to: usize,
  end: usize,
  from: usize,
  c1: usize,
  c2: usize,
  c3: usize,
  rowBytes: usize,
): void {
  if (c3 === 12) {
    for (; to < end; to += 16, from += rowBytes) v128.store(to, v128.load(from));
    return;
  }
  for (; to < end; to += 16, from += rowBytes) {
    let row = v128.load32_zero(from);
    row = v128.load_lane<f32>(from + c1, row, 1);
    row = v128.load_lane<f32>(from + c2, row, 2);
    v128.store(to, v128.load_lane<f32>(from + c3, row, 3));
  }
}

/** Stores 8 gradients at dPtr, multiplied by the derivative of the activation whose outputs lie at yPtr. */
function storeThrough(dPtr: usize, yPtr: usize, d0: v128, d1: v128, activation: i32): void {
  if (activation !== 0) {
    const y0 = v128.load(yPtr);
    const y1 = v128.load(yPtr, 16);
    if (activation === 1) {
      d0 = v128.and(d0, f32x4.gt(y0, f32x4.splat(0)));
      d1 = v128.and(d1, f32x4.gt(y1, f32x4.splat(0)));
    } else {
      d0 = f32x4.mul(d0, f32x4.sub(f32x4.splat(1), f32x4.mul(y0, y0)));
      d1 = f32x4.mul(d1, f32x4.sub(f32x4.splat(1), f32x4.mul(y1, y1)));
    }
  }
  v128.store(dPtr, d0);
  v128.store(dPtr, d1, 16);
}

/**
 * dInput[i][b] = f'(input[i][b]) * sum_o weight[o][i] * dOutput[o][b], o ascending from 0, where f is the activation
 * whose output the layer's input is, and f' is told by that output: 1 for activation 0 (identity), 0 or 1 for 1 (ReLU),
 * 1 - input^2 for 2 (tanh).
 * dInput and input (inputs, batch), dOutput (outputs, batch), weight (outputs, inputs), columns (outputs, 4) scratch; batch
 * a multiple of 8.
 */
export function denseBackwardInput(
  dInputPtr: usize,
  dOutputPtr: usize,
  weightPtr: usize,
  inputPtr: usize,
  columnsPtr: usize,
  outputs: i32,
  inputs: i32,
  batch: i32,
  activation: i32,
): void {
  const rowBytes = (<usize>batch) << 2;
  const weightRowBytes = (<usize>inputs) << 2;
  const columnsEnd = columnsPtr + ((<usize>outputs) << 4);
  const last = inputs - 1;
  for (let i = 0; i < inputs; i += 4) {
    const r1 = <usize>(min(i + 1, last) - i);
    const r2 = <usize>(min(i + 2, last) - i);
    const r3 = <usize>(min(i + 3, last) - i);
    const firstColumn = weightPtr + ((<usize>i) << 2);
    packColumns(columnsPtr, columnsEnd, firstColumn, r1 << 2, r2 << 2, r3 << 2, weightRowBytes);
    const d0Ptr = dInputPtr + <usize>i * rowBytes;
    const y0Ptr = inputPtr + <usize>i * rowBytes;
    const row1 = r1 * rowBytes;
    const row2 = r2 * rowBytes;
    const row3 = r3 * rowBytes;
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
      for (let w = columnsPtr; w < columnsEnd; w += 16) {
        const d0 = v128.load(d);
        const d1 = v128.load(d, 16);
        let weight = v128.load32_splat(w);
        a00 = multiplyAdd(weight, d0, a00);
        a01 = multiplyAdd(weight, d1, a01);
        weight = v128.load32_splat(w, 4);
        a10 = multiplyAdd(weight, d0, a10);
        a11 = multiplyAdd(weight, d1, a11);
        weight = v128.load32_splat(w, 8);
        a20 = multiplyAdd(weight, d0, a20);
        a21 = multiplyAdd(weight, d1, a21);
        weight = v128.load32_splat(w, 12);
        a30 = multiplyAdd(weight, d0, a30);
        a31 = multiplyAdd(weight, d1, a31);
        d += rowBytes;
      }
      const to = d0Ptr + column;
      const y = y0Ptr + column;
      storeThrough(to, y, a00, a01, activation);
      storeThrough(to + row1, y + row1, a10, a11, activation);
      storeThrough(to + row2, y + row2, a20, a21, activation);
      storeThrough(to + row3, y + row3, a30, a31, activation);
    }
  }
}

// A fully connected layer, backward: the gradients of its weights and of its input. Shapes and register blocks as in
// dense.ts; no kernel starts from what lies in its output.
import { addPairs, multiplyAdd, storeLanes } from "./simd";

/** Outputs taken together, so that a wide layer's gradients stay in the cache while all inputs pass. */
const OUTPUT_ROWS = 64;

/**
 * dWeight[o][i] = sum_b dOutput[o][b] * input[i][b]; dBias[o] = sum_b dOutput[o][b]; each sum in four lanes (b mod 4),
 * then (0 + 1) + (2 + 3). dWeight (outputs, inputs), dBias (outputs), dOutput (outputs, batch), input (inputs,
 * batch), scratch (4, batch); batch a multiple of 8.
 */
export function denseBackwardWeights(
  dWeightPtr: usize,
  dBiasPtr: usize,
  dOutputPtr: usize,
  inputPtr: usize,
  scratchPtr: usize,
  outputs: i32,
  inputs: i32,
  batch: i32,
): void {
  const rowBytes = (<usize>batch) << 2;
  const weightRowBytes = (<usize>inputs) << 2;
  sumRows(dBiasPtr, dOutputPtr, outputs, rowBytes);
  for (let begin = 0; begin < outputs; begin += OUTPUT_ROWS) {
    const end = min(begin + OUTPUT_ROWS, outputs);
    for (let i = 0; i < inputs; i += 4) {
      const last = min(3, inputs - 1 - i);
      const row = inputPtr + <usize>i * rowBytes;
      const column = dWeightPtr + ((<usize>i) << 2);
      // For two outputs the rows are read once, where they are.
      if (outputs > 2) {
        packRows(scratchPtr, row, last, rowBytes);
        weightGradients(
          column,
          dOutputPtr,
          scratchPtr,
          64,
          16,
          32,
          48,
          begin,
          end,
          last,
          weightRowBytes,
          rowBytes,
        );
      } else {
        const r1 = <usize>min(1, last) * rowBytes;
        const r2 = <usize>min(2, last) * rowBytes;
        const r3 = <usize>last * rowBytes;
        weightGradients(
          column,
          dOutputPtr,
          row,
          16,
          r1,
          r2,
          r3,
          begin,
          end,
          last,
          weightRowBytes,
          rowBytes,
        );
      }
    }
  }
}

/** Four rows of the input side by side, 16 bytes of each in turn, so that one address serves all; rows after `last` are that one. */
function packRows(to: usize, row0: usize, last: i32, rowBytes: usize): void {
  const row1 = row0 + <usize>min(1, last) * rowBytes;
  const row2 = row0 + <usize>min(2, last) * rowBytes;
  const row3 = row0 + <usize>last * rowBytes;
  for (let column: usize = 0; column < rowBytes; column += 16, to += 64) {
    v128.store(to, v128.load(row0 + column));
    v128.store(to, v128.load(row1 + column), 16);
    v128.store(to, v128.load(row2 + column), 32);
    v128.store(to, v128.load(row3 + column), 48);
  }
}

/** The gradients of four inputs' weights, packed, in the outputs from `begin` to `end`, two outputs at a time. */
function weightGradients(
  dWeight: usize,
  dOutputPtr: usize,
  rowsPtr: usize,
  step: usize,
  r1: usize,
  r2: usize,
  r3: usize,
  begin: i32,
  end: i32,
  last: i32,
  weightRowBytes: usize,
  rowBytes: usize,
): void {
  for (let o = begin; o < end; o += 2) {
    const o1 = min(o + 1, end - 1);
    const next = <usize>(o1 - o) * rowBytes;
    let d = dOutputPtr + <usize>o * rowBytes;
    const dEnd = d + rowBytes;
    let a00 = f32x4.splat(0);
    let a01 = f32x4.splat(0);
    let a02 = f32x4.splat(0);
    let a03 = f32x4.splat(0);
    let a10 = f32x4.splat(0);
    let a11 = f32x4.splat(0);
    let a12 = f32x4.splat(0);
    let a13 = f32x4.splat(0);
    for (let x = rowsPtr; d < dEnd; d += 16, x += step) {
      const d0 = v128.load(d);
      const d1 = v128.load(d + next);
      let value = v128.load(x);
      a00 = multiplyAdd(d0, value, a00);
      a10 = multiplyAdd(d1, value, a10);
      value = v128.load(x + r1);
      a01 = multiplyAdd(d0, value, a01);
      a11 = multiplyAdd(d1, value, a11);
      value = v128.load(x + r2);
      a02 = multiplyAdd(d0, value, a02);
      a12 = multiplyAdd(d1, value, a12);
      value = v128.load(x + r3);
      a03 = multiplyAdd(d0, value, a03);
      a13 = multiplyAdd(d1, value, a13);
    }
    const row0 = addPairs(addPairs(a00, a01), addPairs(a02, a03));
    const row1 = addPairs(addPairs(a10, a11), addPairs(a12, a13));
    const to0 = dWeight + <usize>o * weightRowBytes;
    const to1 = dWeight + <usize>o1 * weightRowBytes;
    if (last === 3) {
      v128.store(to0, row0);
      v128.store(to1, row1);
    } else {
      const c1 = (<usize>min(1, last)) << 2;
      const c2 = (<usize>min(2, last)) << 2;
      const c3 = (<usize>last) << 2;
      storeLanes(to0, to0 + c1, to0 + c2, to0 + c3, row0);
      storeLanes(to1, to1 + c1, to1 + c2, to1 + c3, row1);
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
 * dInput and input (inputs, batch), dOutput (outputs, batch), weight (outputs, inputs), scratch (outputs, 4); batch
 * a multiple of 8.
 */
export function denseBackwardInput(
  dInputPtr: usize,
  dOutputPtr: usize,
  weightPtr: usize,
  inputPtr: usize,
  scratchPtr: usize,
  outputs: i32,
  inputs: i32,
  batch: i32,
  activation: i32,
): void {
  const rowBytes = (<usize>batch) << 2;
  const weightRowBytes = (<usize>inputs) << 2;
  const scratchEnd = scratchPtr + ((<usize>outputs) << 4);
  const last = inputs - 1;
  for (let i = 0; i < inputs; i += 4) {
    const r1 = <usize>(min(i + 1, last) - i);
    const r2 = <usize>(min(i + 2, last) - i);
    const r3 = <usize>(min(i + 3, last) - i);
    const firstColumn = weightPtr + ((<usize>i) << 2);
    packColumns(scratchPtr, scratchEnd, firstColumn, r1 << 2, r2 << 2, r3 << 2, weightRowBytes);
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
      for (let w = scratchPtr; w < scratchEnd; w += 16) {
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

// Backward pass of a dense layer: gradients of weights and biases, in blocks as in dense.ts.
// Contract: src/kernels/js/denseBackwardWeights.ts.
import { addPairs, assertAligned, assertMultiple, multiplyAdd, storeLanes, sumRows } from "./simd";

/** Number of outputs per pass over the inputs: the gradients of 64 rows stay in the cache. */
const OUTPUT_ROWS = 64;

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
  assertAligned(dWeightPtr | dBiasPtr | dOutputPtr | inputPtr | scratchPtr);
  assertMultiple(batch, 8);
  const rowBytes = (<usize>batch) << 2;
  const weightRowBytes = (<usize>inputs) << 2;
  sumRows(dBiasPtr, dOutputPtr, outputs, rowBytes);
  for (let begin = 0; begin < outputs; begin += OUTPUT_ROWS) {
    const end = min(begin + OUTPUT_ROWS, outputs);
    for (let i = 0; i < inputs; i += 4) {
      const last = min(3, inputs - 1 - i);
      const row = inputPtr + <usize>i * rowBytes;
      const column = dWeightPtr + ((<usize>i) << 2);
      // With one or two outputs every row is read once, so packing does not pay.
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

/** Interleaves four rows of the input, 16 bytes of each, so that one address serves all four. Row indices are clamped to `last`. */
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

/**
 * Gradients of four columns of weights for the outputs from `begin` to `end`, two outputs at a time. Vector k of the four input
 * rows is at rowsPtr + k * step, plus 0, r1, r2 or r3 bytes.
 */
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

// Backward pass of a dense layer: gradient of the input, in blocks as in dense.ts. Contract: src/kernels/js/denseBackwardInput.ts.
import { assertAligned, assertMultiple, multiplyAdd } from "./simd";

/**
 * Packs four columns of the weights, 16 bytes per row. In the matrix they are one row apart: if a row has a power of two bytes,
 * they share few cache sets and evict each other.
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

/**
 * Packs 16 columns of the weights as four panels of 4, panelBytes apart. They are the 64 bytes of a cache line, which the next panels
 * would read again.
 */
function packLine(to: usize, end: usize, from: usize, panelBytes: usize, rowBytes: usize): void {
  for (; to < end; to += 16, from += rowBytes) {
    v128.store(to, v128.load(from));
    v128.store(to + panelBytes, v128.load(from, 16));
    v128.store(to + 2 * panelBytes, v128.load(from, 32));
    v128.store(to + 3 * panelBytes, v128.load(from, 48));
  }
}

/** Multiplies 8 gradients by the derivative of the activation at its outputs y, and stores them. */
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

/** A layer of 2 outputs, as in CartPole: 8 columns of their gradient stay in registers for all inputs. */
function inputGradientsOfTwo(
  dInputPtr: usize,
  dOutputPtr: usize,
  weightPtr: usize,
  inputPtr: usize,
  inputs: i32,
  rowBytes: usize,
  activation: i32,
): void {
  const zero = f32x4.splat(0);
  const weightRowBytes = (<usize>inputs) << 2;
  const end = weightPtr + weightRowBytes;
  for (let column: usize = 0; column < rowBytes; column += 32) {
    const d = dOutputPtr + column;
    const d00 = v128.load(d);
    const d01 = v128.load(d, 16);
    const d10 = v128.load(d + rowBytes);
    const d11 = v128.load(d + rowBytes, 16);
    let to = dInputPtr + column;
    let y = inputPtr + column;
    for (let w = weightPtr; w < end; w += 4) {
      const weight0 = v128.load32_splat(w);
      const weight1 = v128.load32_splat(w + weightRowBytes);
      const a0 = multiplyAdd(weight1, d10, multiplyAdd(weight0, d00, zero));
      const a1 = multiplyAdd(weight1, d11, multiplyAdd(weight0, d01, zero));
      storeThrough(to, y, a0, a1, activation);
      to += rowBytes;
      y += rowBytes;
    }
  }
}

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
  assertAligned(dInputPtr | dOutputPtr | weightPtr | inputPtr | scratchPtr);
  assertMultiple(batch, 8);
  const rowBytes = (<usize>batch) << 2;
  const weightRowBytes = (<usize>inputs) << 2;
  // Only for batches up to 64: this loop walks down whole columns, and rows that are further apart evict each other.
  if (outputs === 2 && batch <= 64) {
    inputGradientsOfTwo(dInputPtr, dOutputPtr, weightPtr, inputPtr, inputs, rowBytes, activation);
    return;
  }
  const panelBytes = (<usize>outputs) << 4;
  const last = inputs - 1;
  let panel = scratchPtr;
  for (let i = 0; i < inputs; i += 4, panel += panelBytes) {
    const r1 = <usize>(min(i + 1, last) - i);
    const r2 = <usize>(min(i + 2, last) - i);
    const r3 = <usize>(min(i + 3, last) - i);
    const firstColumn = weightPtr + ((<usize>i) << 2);
    if ((i & 15) === 0) panel = scratchPtr;
    const panelEnd = panel + panelBytes;
    if ((i | 15) > last) {
      packColumns(panel, panelEnd, firstColumn, r1 << 2, r2 << 2, r3 << 2, weightRowBytes);
    } else if ((i & 15) === 0) {
      packLine(panel, panelEnd, firstColumn, panelBytes, weightRowBytes);
    }
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
      for (let w = panel; w < panelEnd; w += 16) {
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

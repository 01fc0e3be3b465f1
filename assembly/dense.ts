// Forward pass of a dense layer. Contracts: src/kernels/js/dense.ts.
//
// Activations are (features, batch), so the vector axis is the batch: a layer of 2 outputs fills its lanes too.
// The kernels compute blocks of rows and columns in registers. A block at the edge keeps its size: row indices past the end
// are clamped to the last row, which is computed and stored again with the same result.
import { addPairs, assertAligned, assertMultiple, multiplyAdd } from "./simd";

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
  assertAligned(outputPtr | inputPtr | weightPtr | biasPtr);
  assertMultiple(batch, 8);
  const rowBytes = (<usize>batch) << 2;
  const weightRowBytes = (<usize>inputs) << 2;
  const floor = f32x4.splat(lowerBound);
  const last = outputs - 1;
  if (inputs === 4) {
    forwardFromFour(outputPtr, inputPtr, weightPtr, biasPtr, outputs, rowBytes, floor);
    return;
  }
  for (let o = 0; o < outputs; o += 4) {
    const w0 = weightPtr + <usize>o * weightRowBytes;
    const b0 = biasPtr + ((<usize>o) << 2);
    const y0 = outputPtr + <usize>o * rowBytes;
    if (last - o < 2 && batch >= 16) {
      const d1 = <usize>min(1, last - o);
      const b1 = b0 + (d1 << 2);
      const y1 = y0 + d1 * rowBytes;
      forwardTwo(
        y0,
        y1,
        inputPtr,
        w0,
        d1 * weightRowBytes,
        b0,
        b1,
        weightRowBytes,
        rowBytes,
        floor,
      );
    } else {
      forwardFour(y0, inputPtr, w0, b0, min(3, last - o), weightRowBytes, rowBytes, floor);
    }
  }
}

/** Rows of outputs per pass over the columns in forwardFromFour. More rows of 1 KiB would evict each other from the L1 cache. */
const FROM_FOUR_ROWS = 32;

/** A layer of 4 inputs, as in CartPole: 8 columns of the input stay in registers for 32 rows of outputs. */
function forwardFromFour(
  outputPtr: usize,
  inputPtr: usize,
  weightPtr: usize,
  biasPtr: usize,
  outputs: i32,
  rowBytes: usize,
  floor: v128,
): void {
  for (let begin = 0; begin < outputs; begin += FROM_FOUR_ROWS) {
    const end = weightPtr + ((<usize>min(begin + FROM_FOUR_ROWS, outputs)) << 4);
    for (let column: usize = 0; column < rowBytes; column += 32) {
      let x = inputPtr + column;
      const x00 = v128.load(x);
      const x01 = v128.load(x, 16);
      x += rowBytes;
      const x10 = v128.load(x);
      const x11 = v128.load(x, 16);
      x += rowBytes;
      const x20 = v128.load(x);
      const x21 = v128.load(x, 16);
      x += rowBytes;
      const x30 = v128.load(x);
      const x31 = v128.load(x, 16);
      let y = outputPtr + <usize>begin * rowBytes + column;
      let bias = biasPtr + ((<usize>begin) << 2);
      for (let w = weightPtr + ((<usize>begin) << 4); w < end; w += 16) {
        let a0 = v128.load32_splat(bias);
        let a1 = a0;
        let weight = v128.load32_splat(w);
        a0 = multiplyAdd(weight, x00, a0);
        a1 = multiplyAdd(weight, x01, a1);
        weight = v128.load32_splat(w, 4);
        a0 = multiplyAdd(weight, x10, a0);
        a1 = multiplyAdd(weight, x11, a1);
        weight = v128.load32_splat(w, 8);
        a0 = multiplyAdd(weight, x20, a0);
        a1 = multiplyAdd(weight, x21, a1);
        weight = v128.load32_splat(w, 12);
        a0 = multiplyAdd(weight, x30, a0);
        a1 = multiplyAdd(weight, x31, a1);
        v128.store(y, f32x4.pmax(a0, floor));
        v128.store(y, f32x4.pmax(a1, floor), 16);
        y += rowBytes;
        bias += 4;
      }
    }
  }
}

/** Four rows of outputs in blocks of 8 columns. Row indices are clamped to `last`. */
function forwardFour(
  y0: usize,
  inputPtr: usize,
  w0: usize,
  b0: usize,
  last: i32,
  weightRowBytes: usize,
  rowBytes: usize,
  floor: v128,
): void {
  const r1 = <usize>min(1, last);
  const r2 = <usize>min(2, last);
  const d1 = r1 * weightRowBytes;
  const d2 = r2 * weightRowBytes;
  const d3 = <usize>last * weightRowBytes;
  const wEnd = w0 + weightRowBytes;
  const bias0 = v128.load32_splat(b0);
  const bias1 = v128.load32_splat(b0 + (r1 << 2));
  const bias2 = v128.load32_splat(b0 + (r2 << 2));
  const bias3 = v128.load32_splat(b0 + ((<usize>last) << 2));
  const y1 = y0 + r1 * rowBytes;
  const y2 = y0 + r2 * rowBytes;
  const y3 = y0 + <usize>last * rowBytes;
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

/** One or two rows of outputs in blocks of 16 columns. The last block may overlap the one before it. */
function forwardTwo(
  y0: usize,
  y1: usize,
  inputPtr: usize,
  w0: usize,
  d1: usize,
  b0: usize,
  b1: usize,
  weightRowBytes: usize,
  rowBytes: usize,
  floor: v128,
): void {
  const wEnd = w0 + weightRowBytes;
  const bias0 = v128.load32_splat(b0);
  const bias1 = v128.load32_splat(b1);
  for (let block: usize = 0; block < rowBytes; block += 64) {
    const column = min(block, rowBytes - 64);
    let a00 = bias0;
    let a01 = bias0;
    let a02 = bias0;
    let a03 = bias0;
    let a10 = bias1;
    let a11 = bias1;
    let a12 = bias1;
    let a13 = bias1;
    let x = inputPtr + column;
    for (let w = w0; w < wEnd; w += 4) {
      const weight0 = v128.load32_splat(w);
      const weight1 = v128.load32_splat(w + d1);
      let value = v128.load(x);
      a00 = multiplyAdd(weight0, value, a00);
      a10 = multiplyAdd(weight1, value, a10);
      value = v128.load(x, 16);
      a01 = multiplyAdd(weight0, value, a01);
      a11 = multiplyAdd(weight1, value, a11);
      value = v128.load(x, 32);
      a02 = multiplyAdd(weight0, value, a02);
      a12 = multiplyAdd(weight1, value, a12);
      value = v128.load(x, 48);
      a03 = multiplyAdd(weight0, value, a03);
      a13 = multiplyAdd(weight1, value, a13);
      x += rowBytes;
    }
    v128.store(y0 + column, f32x4.pmax(a00, floor));
    v128.store(y0 + column, f32x4.pmax(a01, floor), 16);
    v128.store(y0 + column, f32x4.pmax(a02, floor), 32);
    v128.store(y0 + column, f32x4.pmax(a03, floor), 48);
    v128.store(y1 + column, f32x4.pmax(a10, floor));
    v128.store(y1 + column, f32x4.pmax(a11, floor), 16);
    v128.store(y1 + column, f32x4.pmax(a12, floor), 32);
    v128.store(y1 + column, f32x4.pmax(a13, floor), 48);
  }
}

/** The vector axis is `inputs`, four outputs at a time. */
export function denseForwardOne(
  outputPtr: usize,
  inputPtr: usize,
  weightPtr: usize,
  biasPtr: usize,
  outputs: i32,
  inputs: i32,
  lowerBound: f32,
): void {
  assertAligned(outputPtr | inputPtr | weightPtr | biasPtr);
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

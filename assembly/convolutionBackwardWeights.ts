// Backward pass of a convolution: gradients of weights and biases. Contract: src/kernels/js/convolutionBackwardWeights.ts.
import { OUTSIDE } from "./patch";
import { addPairs, assertAligned, assertMultiple, multiplyAdd, storeLanes, sumRows } from "./simd";

/** 32 columns: the gradients of two filters and the input's rows that meet them stay in the cache. */
const COLUMN_BYTES: usize = 128;

export function convBackwardWeights(
  dWeightPtr: usize,
  dBiasPtr: usize,
  dOutputPtr: usize,
  inputPtr: usize,
  rowsPtr: usize,
  scratchPtr: usize,
  filters: i32,
  patch: i32,
  pixels: i32,
  batch: i32,
): void {
  assertAligned(dWeightPtr | dBiasPtr | dOutputPtr | inputPtr | rowsPtr | scratchPtr);
  assertMultiple(batch, 8);
  const rowBytes = (<usize>batch) << 2;
  const filterBytes = <usize>pixels * rowBytes;
  sumRows(dBiasPtr, dOutputPtr, filters, filterBytes);
  // Lane sums of every weight, then columns of zeros.
  const zeroPtr = scratchPtr + ((<usize>(filters * patch)) << 4);
  for (let p = scratchPtr; p < zeroPtr + COLUMN_BYTES; p += 16) v128.store(p, f32x4.splat(0));
  const last = patch - 1;
  for (let column: usize = 0; column < rowBytes; column += COLUMN_BYTES) {
    const bytes = min(COLUMN_BYTES, rowBytes - column);
    for (let o = 0; o < filters; o += 2) {
      const second: usize = o + 1 < filters ? 1 : 0;
      const d = dOutputPtr + <usize>o * filterBytes + column;
      for (let j = 0; j < patch; j += 4) {
        const weight = o * patch + j;
        sumProducts(
          dWeightPtr + ((<usize>weight) << 2),
          scratchPtr + ((<usize>weight) << 4),
          (<usize>(second * patch)) << 2,
          d,
          d + second * filterBytes,
          inputPtr + column,
          rowsPtr + ((<usize>j) << 2),
          zeroPtr,
          min(3, last - j),
          patch,
          pixels,
          rowBytes,
          bytes,
        );
      }
    }
  }
}

/** Pointer to the row of the input that stands at `at` in the table. */
function rowAt(at: usize, inputPtr: usize, rowBytes: usize, zeroPtr: usize): usize {
  const row = load<u32>(at);
  return select(zeroPtr, inputPtr + <usize>row * rowBytes, row === OUTSIDE);
}

/** Adds the products of two filters and four elements of the patch to their lane sums. */
function sumProducts(
  dWeight: usize,
  sums: usize,
  second: usize,
  d0: usize,
  d1: usize,
  inputPtr: usize,
  rows: usize,
  zeroPtr: usize,
  last: i32,
  patch: i32,
  pixels: i32,
  rowBytes: usize,
  bytes: usize,
): void {
  const j1 = (<usize>min(1, last)) << 2;
  const j2 = (<usize>min(2, last)) << 2;
  const j3 = (<usize>last) << 2;
  const s1 = sums + (second << 2);
  let a00 = v128.load(sums);
  let a01 = v128.load(sums + (j1 << 2));
  let a02 = v128.load(sums + (j2 << 2));
  let a03 = v128.load(sums + (j3 << 2));
  let a10 = v128.load(s1);
  let a11 = v128.load(s1 + (j1 << 2));
  let a12 = v128.load(s1 + (j2 << 2));
  let a13 = v128.load(s1 + (j3 << 2));
  const tableBytes = (<usize>patch) << 2;
  const end = d0 + <usize>pixels * rowBytes;
  for (; d0 < end; d0 += rowBytes, d1 += rowBytes, rows += tableBytes) {
    const x0 = rowAt(rows, inputPtr, rowBytes, zeroPtr);
    const x1 = rowAt(rows + j1, inputPtr, rowBytes, zeroPtr);
    const x2 = rowAt(rows + j2, inputPtr, rowBytes, zeroPtr);
    const x3 = rowAt(rows + j3, inputPtr, rowBytes, zeroPtr);
    for (let b: usize = 0; b < bytes; b += 16) {
      const g0 = v128.load(d0 + b);
      const g1 = v128.load(d1 + b);
      let value = v128.load(x0 + b);
      a00 = multiplyAdd(g0, value, a00);
      a10 = multiplyAdd(g1, value, a10);
      value = v128.load(x1 + b);
      a01 = multiplyAdd(g0, value, a01);
      a11 = multiplyAdd(g1, value, a11);
      value = v128.load(x2 + b);
      a02 = multiplyAdd(g0, value, a02);
      a12 = multiplyAdd(g1, value, a12);
      value = v128.load(x3 + b);
      a03 = multiplyAdd(g0, value, a03);
      a13 = multiplyAdd(g1, value, a13);
    }
  }
  v128.store(sums, a00);
  v128.store(sums + (j1 << 2), a01);
  v128.store(sums + (j2 << 2), a02);
  v128.store(sums + (j3 << 2), a03);
  v128.store(s1, a10);
  v128.store(s1 + (j1 << 2), a11);
  v128.store(s1 + (j2 << 2), a12);
  v128.store(s1 + (j3 << 2), a13);
  const row0 = addPairs(addPairs(a00, a01), addPairs(a02, a03));
  const row1 = addPairs(addPairs(a10, a11), addPairs(a12, a13));
  storeLanes(dWeight, dWeight + j1, dWeight + j2, dWeight + j3, row0);
  const to = dWeight + second;
  storeLanes(to, to + j1, to + j2, to + j3, row1);
}

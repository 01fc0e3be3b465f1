// Forward pass of a convolution. Contracts: src/kernels/js/convolution.ts.
import { multiplyPatch, multiplyPatches, OUTSIDE, packWeights } from "./patch";
import { assertAligned, assertMultiple } from "./simd";

export function convForward(
  outputPtr: usize,
  inputPtr: usize,
  weightPtr: usize,
  biasPtr: usize,
  rowsPtr: usize,
  scratchPtr: usize,
  filters: i32,
  patch: i32,
  pixels: i32,
  batch: i32,
  lowerBound: f32,
): void {
  assertAligned(outputPtr | inputPtr | weightPtr | biasPtr | rowsPtr | scratchPtr);
  assertMultiple(batch, 8);
  const weightBytes = (<usize>patch) << 2;
  const end = packWeights(scratchPtr, weightPtr, biasPtr, filters, weightBytes, 1, 0, patch);
  multiplyPatches(
    outputPtr,
    inputPtr,
    scratchPtr,
    end,
    rowsPtr,
    filters,
    patch,
    pixels,
    (<usize>batch) << 2,
    lowerBound,
  );
}

/** Eight pixels take the place of eight columns. */
export function convForwardOne(
  outputPtr: usize,
  inputPtr: usize,
  weightPtr: usize,
  biasPtr: usize,
  rowsPtr: usize,
  scratchPtr: usize,
  filters: i32,
  patch: i32,
  pixels: i32,
  lowerBound: f32,
): void {
  assertAligned(outputPtr | inputPtr | weightPtr | biasPtr | rowsPtr | scratchPtr);
  const floor = f32x4.splat(lowerBound);
  const weightBytes = (<usize>patch) << 2;
  const outputBytes = (<usize>pixels) << 2;
  const patchPtr = packWeights(scratchPtr, weightPtr, biasPtr, filters, weightBytes, 1, 0, patch);
  const patchEnd = patchPtr + (weightBytes << 3);
  for (let p = 0; p < pixels; p += 8) {
    const count = min(8, pixels - p);
    for (let k: usize = 0; k < <usize>count; ++k) {
      let to = patchPtr + (k << 2);
      for (let r = rowsPtr; r < rowsPtr + weightBytes; r += 4, to += 32) {
        const row = load<u32>(r);
        store<f32>(to, row === OUTSIDE ? 0 : load<f32>(inputPtr + ((<usize>row) << 2)));
      }
      rowsPtr += weightBytes;
    }
    const y = outputPtr + ((<usize>p) << 2);
    if (count === 8) {
      multiplyPatch(y, outputBytes, scratchPtr, patchPtr, patchEnd, filters, floor);
    } else {
      lastPixels(y, outputBytes, scratchPtr, patchPtr, patchEnd, filters, floor, count);
    }
  }
}

/** Fewer than 8 pixels, four filters at a time by way of 128 bytes at patchEnd. */
function lastPixels(
  y: usize,
  outputBytes: usize,
  packedPtr: usize,
  patchPtr: usize,
  patchEnd: usize,
  filters: i32,
  floor: v128,
  count: i32,
): void {
  const groupBytes = ((patchEnd - patchPtr) >> 1) + 16;
  for (let o = 0; o < filters; o += 4, packedPtr += groupBytes) {
    const rows = min(4, filters - o);
    multiplyPatch(patchEnd, 32, packedPtr, patchPtr, patchEnd, rows, floor);
    for (let k: usize = 0; k < <usize>rows; ++k, y += outputBytes) {
      for (let at: usize = 0; at < (<usize>count) << 2; at += 4) {
        store<f32>(y + at, load<f32>(patchEnd + (k << 5) + at));
      }
    }
  }
}

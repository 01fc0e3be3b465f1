// Backward pass of a convolution: gradients of weights and biases. It copies four elements of all patches, and then each filter is like
// the output of a dense layer whose batch has a column for each pixel and sample.
// Contract: src/kernels/js/convolutionBackwardWeights.ts.
import { OUTSIDE } from "./patch";
import { assertAligned, assertMultiple, sumRows } from "./simd";
import { weightGradients } from "./weightGradients";

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
  const patchBytes = (<usize>patch) << 2;
  sumRows(dBiasPtr, dOutputPtr, filters, <usize>pixels * rowBytes);
  for (let j = 0; j < patch; j += 4) {
    const last = min(3, patch - 1 - j);
    for (let k = 0; k < 4; ++k) {
      let rows = rowsPtr + ((<usize>(j + min(k, last))) << 2);
      let to = scratchPtr + ((<usize>k) << 4);
      for (let p = 0; p < pixels; ++p, rows += patchBytes) {
        const row = load<u32>(rows);
        const from = inputPtr + <usize>row * rowBytes;
        for (let b: usize = 0; b < rowBytes; b += 16, to += 64) {
          v128.store(to, row === OUTSIDE ? f32x4.splat(0) : v128.load(from + b));
        }
      }
    }
    weightGradients(
      dWeightPtr + ((<usize>j) << 2),
      dOutputPtr,
      scratchPtr,
      64,
      16,
      32,
      48,
      0,
      filters,
      last,
      patchBytes,
      <usize>pixels * rowBytes,
    );
  }
}

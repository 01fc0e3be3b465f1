// Backward pass of a dense layer: gradients of weights and biases, in blocks as in dense.ts.
// Contract: src/kernels/js/denseBackwardWeights.ts.
import { assertAligned, assertMultiple, sumRows } from "./simd";
import { weightGradients } from "./weightGradients";

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

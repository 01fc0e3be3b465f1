// Backward pass of a convolution: gradient of the input, as a convolution of the gradient of the output.
// Contract: src/kernels/js/convolutionBackwardInput.ts.
import { reluBackward, tanhBackward } from "./activation";
import { multiplyPatches, NO_BIAS, packWeights } from "./patch";
import { assertAligned, assertMultiple } from "./simd";

export function convBackwardInput(
  dInputPtr: usize,
  dOutputPtr: usize,
  weightPtr: usize,
  inputPtr: usize,
  rowsPtr: usize,
  scratchPtr: usize,
  filters: i32,
  channels: i32,
  area: i32,
  positions: i32,
  batch: i32,
  activation: i32,
): void {
  assertAligned(dInputPtr | dOutputPtr | weightPtr | inputPtr | rowsPtr | scratchPtr);
  assertMultiple(batch, 8);
  const areaBytes = (<usize>area) << 2;
  const filterBytes = <usize>channels * areaBytes;
  const end = packWeights(
    scratchPtr,
    weightPtr,
    NO_BIAS,
    channels,
    areaBytes,
    filters,
    filterBytes,
    area,
  );
  multiplyPatches(
    dInputPtr,
    dOutputPtr,
    scratchPtr,
    end,
    rowsPtr,
    channels,
    filters * area,
    positions,
    (<usize>batch) << 2,
    -Infinity,
  );
  const count = channels * positions * batch;
  if (activation === 1) reluBackward(dInputPtr, inputPtr, count);
  else if (activation === 2) tanhBackward(dInputPtr, inputPtr, count);
}

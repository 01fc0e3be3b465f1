// Layer normalisation. A sample is a column, so its statistics are sums of rows: they are added up in the arrays of the result,
// which stay in the cache. Contracts: src/kernels/js/layerNorm.ts.
import { assertAligned, assertMultiple, multiplyAdd, sumLanes } from "./simd";

export function layerNormForward(
  outputPtr: usize,
  inputPtr: usize,
  scalePtr: usize,
  shiftPtr: usize,
  meanPtr: usize,
  inverseStdPtr: usize,
  features: i32,
  batch: i32,
  epsilon: f32,
  lowerBound: f32,
): void {
  assertAligned(outputPtr | inputPtr | scalePtr | shiftPtr | meanPtr | inverseStdPtr);
  assertMultiple(batch, 8);
  const rowBytes = (<usize>batch) << 2;
  const end = inputPtr + <usize>features * rowBytes;
  const zero = f32x4.splat(0);
  const floor = f32x4.splat(lowerBound);
  const count = f32x4.splat(<f32>features);
  for (let k: usize = 0; k < rowBytes; k += 16) {
    v128.store(meanPtr + k, zero);
    v128.store(inverseStdPtr + k, zero);
  }
  for (let x = inputPtr; x < end; x += rowBytes) {
    for (let k: usize = 0; k < rowBytes; k += 16) {
      v128.store(meanPtr + k, f32x4.add(v128.load(meanPtr + k), v128.load(x + k)));
    }
  }
  for (let k: usize = 0; k < rowBytes; k += 16) {
    v128.store(meanPtr + k, f32x4.div(v128.load(meanPtr + k), count));
  }
  for (let x = inputPtr; x < end; x += rowBytes) {
    for (let k: usize = 0; k < rowBytes; k += 16) {
      const offset = f32x4.sub(v128.load(x + k), v128.load(meanPtr + k));
      v128.store(inverseStdPtr + k, multiplyAdd(offset, offset, v128.load(inverseStdPtr + k)));
    }
  }
  for (let k: usize = 0; k < rowBytes; k += 16) {
    const variance = f32x4.div(v128.load(inverseStdPtr + k), count);
    const std = f32x4.sqrt(f32x4.add(variance, f32x4.splat(epsilon)));
    v128.store(inverseStdPtr + k, f32x4.div(f32x4.splat(1), std));
  }
  for (let x = inputPtr; x < end; x += rowBytes, outputPtr += rowBytes) {
    const scale = v128.load32_splat(scalePtr);
    const shift = v128.load32_splat(shiftPtr);
    for (let k: usize = 0; k < rowBytes; k += 16) {
      const offset = f32x4.sub(v128.load(x + k), v128.load(meanPtr + k));
      const normal = f32x4.mul(offset, v128.load(inverseStdPtr + k));
      v128.store(outputPtr + k, f32x4.pmax(multiplyAdd(normal, scale, shift), floor));
    }
    scalePtr += 4;
    shiftPtr += 4;
  }
}

/** Computes the first lane only; multiplyAdd rounds as in a batch. */
export function layerNormForwardOne(
  outputPtr: usize,
  inputPtr: usize,
  scalePtr: usize,
  shiftPtr: usize,
  features: i32,
  epsilon: f32,
  lowerBound: f32,
): void {
  assertAligned(outputPtr | inputPtr | scalePtr | shiftPtr);
  const bytes = (<usize>features) << 2;
  const count = <f32>features;
  let sum: f32 = 0;
  for (let k: usize = 0; k < bytes; k += 4) sum += load<f32>(inputPtr + k);
  const mean = f32x4.splat(sum / count);
  let squares = f32x4.splat(0);
  for (let k: usize = 0; k < bytes; k += 4) {
    const offset = f32x4.sub(v128.load32_splat(inputPtr + k), mean);
    squares = multiplyAdd(offset, offset, squares);
  }
  const variance = f32x4.extract_lane(squares, 0) / count;
  const factor = f32x4.splat(<f32>1 / sqrt<f32>(variance + epsilon));
  for (let k: usize = 0; k < bytes; k += 4) {
    const normal = f32x4.mul(f32x4.sub(v128.load32_splat(inputPtr + k), mean), factor);
    const scale = v128.load32_splat(scalePtr + k);
    const value = multiplyAdd(normal, scale, v128.load32_splat(shiftPtr + k));
    v128.store_lane<f32>(outputPtr + k, f32x4.pmax(value, f32x4.splat(lowerBound)), 0);
  }
}

export function layerNormBackward(
  dPtr: usize,
  dScalePtr: usize,
  dShiftPtr: usize,
  inputPtr: usize,
  scalePtr: usize,
  meanPtr: usize,
  inverseStdPtr: usize,
  scratchPtr: usize,
  features: i32,
  batch: i32,
): void {
  assertAligned(dPtr | dScalePtr | dShiftPtr | inputPtr | scalePtr);
  assertAligned(meanPtr | inverseStdPtr | scratchPtr);
  assertMultiple(batch, 8);
  const rowBytes = (<usize>batch) << 2;
  const productPtr = scratchPtr + rowBytes;
  const zero = f32x4.splat(0);
  const minusCount = f32x4.splat(-(<f32>features));
  for (let p = scratchPtr; p < productPtr + rowBytes; p += 16) v128.store(p, zero);
  for (let f: usize = 0; f < (<usize>features) << 2; f += 4) {
    const row = (f >> 2) * rowBytes;
    const d = dPtr + row;
    const x = inputPtr + row;
    const scale = v128.load32_splat(scalePtr + f);
    let shifts = zero;
    let scales = zero;
    for (let k: usize = 0; k < rowBytes; k += 16) {
      const gradient = v128.load(d + k);
      const offset = f32x4.sub(v128.load(x + k), v128.load(meanPtr + k));
      const product = f32x4.mul(gradient, f32x4.mul(offset, v128.load(inverseStdPtr + k)));
      shifts = f32x4.add(shifts, gradient);
      scales = f32x4.add(scales, product);
      v128.store(scratchPtr + k, multiplyAdd(gradient, scale, v128.load(scratchPtr + k)));
      v128.store(productPtr + k, multiplyAdd(product, scale, v128.load(productPtr + k)));
    }
    store<f32>(dShiftPtr + f, sumLanes(shifts));
    store<f32>(dScalePtr + f, sumLanes(scales));
  }
  // The negative means, for multiplyAdd.
  for (let p = scratchPtr; p < productPtr + rowBytes; p += 16) {
    v128.store(p, f32x4.div(v128.load(p), minusCount));
  }
  for (let f: usize = 0; f < (<usize>features) << 2; f += 4) {
    const row = (f >> 2) * rowBytes;
    const d = dPtr + row;
    const x = inputPtr + row;
    const scale = v128.load32_splat(scalePtr + f);
    for (let k: usize = 0; k < rowBytes; k += 16) {
      const factor = v128.load(inverseStdPtr + k);
      const offset = f32x4.sub(v128.load(x + k), v128.load(meanPtr + k));
      const centered = multiplyAdd(v128.load(d + k), scale, v128.load(scratchPtr + k));
      const rest = multiplyAdd(f32x4.mul(offset, factor), v128.load(productPtr + k), centered);
      v128.store(d + k, f32x4.mul(factor, rest));
    }
  }
}

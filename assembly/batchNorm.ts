// Batch normalisation. A feature is a row, so its statistics are sums along the row. Contracts: src/kernels/js/batchNorm.ts.
import { assertAligned, assertMultiple, multiplyAdd, sumLanes } from "./simd";

/** Mask of the columns b to b + 3 that are less than `samples`. */
function sampleMask(b: i32, samples: i32): v128 {
  const lanes = i32x4.add(i32x4.splat(b), i32x4(0, 1, 2, 3));
  return i32x4.lt_s(lanes, i32x4.splat(samples));
}

export function batchNormForward(
  outputPtr: usize,
  inputPtr: usize,
  scalePtr: usize,
  shiftPtr: usize,
  runningMeanPtr: usize,
  runningVariancePtr: usize,
  meanPtr: usize,
  inverseStdPtr: usize,
  features: i32,
  batch: i32,
  samples: i32,
  momentum: f32,
  epsilon: f32,
  lowerBound: f32,
): void {
  assertAligned(outputPtr | inputPtr | scalePtr | shiftPtr);
  assertAligned(runningMeanPtr | runningVariancePtr | meanPtr | inverseStdPtr);
  assertMultiple(batch, 8);
  const rowBytes = (<usize>batch) << 2;
  const floor = f32x4.splat(lowerBound);
  const count = <f32>samples;
  for (let f = 0; f < features; ++f) {
    const at = (<usize>f) << 2;
    const x = inputPtr + <usize>f * rowBytes;
    let sums = f32x4.splat(0);
    for (let b = 0; b < samples; b += 4) {
      const value = v128.load(x + ((<usize>b) << 2));
      sums = f32x4.add(sums, v128.and(value, sampleMask(b, samples)));
    }
    const mean = sumLanes(sums) / count;
    const center = f32x4.splat(mean);
    sums = f32x4.splat(0);
    for (let b = 0; b < samples; b += 4) {
      const offset = f32x4.sub(v128.load(x + ((<usize>b) << 2)), center);
      const inside = v128.and(offset, sampleMask(b, samples));
      sums = multiplyAdd(inside, inside, sums);
    }
    const squares = sumLanes(sums);
    const inverseStd: f32 = <f32>1 / sqrt<f32>(squares / count + epsilon);
    store<f32>(meanPtr + at, mean);
    store<f32>(inverseStdPtr + at, inverseStd);
    const keep: f32 = <f32>1 - momentum;
    const runningMean = load<f32>(runningMeanPtr + at);
    const runningVariance = load<f32>(runningVariancePtr + at);
    const unbiased = squares / (count - 1);
    store<f32>(runningMeanPtr + at, keep * runningMean + momentum * mean);
    store<f32>(runningVariancePtr + at, keep * runningVariance + momentum * unbiased);
    const factor = f32x4.splat(inverseStd);
    const scale = v128.load32_splat(scalePtr + at);
    const shift = v128.load32_splat(shiftPtr + at);
    const y = outputPtr + <usize>f * rowBytes;
    for (let column: usize = 0; column < rowBytes; column += 16) {
      const normal = f32x4.mul(f32x4.sub(v128.load(x + column), center), factor);
      v128.store(y + column, f32x4.pmax(multiplyAdd(normal, scale, shift), floor));
    }
  }
}

export function batchNormEvaluate(
  outputPtr: usize,
  inputPtr: usize,
  scalePtr: usize,
  shiftPtr: usize,
  runningMeanPtr: usize,
  runningVariancePtr: usize,
  features: i32,
  batch: i32,
  epsilon: f32,
  lowerBound: f32,
): void {
  assertAligned(outputPtr | inputPtr | scalePtr | shiftPtr | runningMeanPtr | runningVariancePtr);
  const rowBytes = (<usize>batch) << 2;
  const vectorBytes = rowBytes & ~15;
  for (let f = 0; f < features; ++f) {
    const at = (<usize>f) << 2;
    const mean = load<f32>(runningMeanPtr + at);
    const factor: f32 = <f32>1 / sqrt<f32>(load<f32>(runningVariancePtr + at) + epsilon);
    const scale = load<f32>(scalePtr + at);
    const shift = load<f32>(shiftPtr + at);
    const x = inputPtr + <usize>f * rowBytes;
    const y = outputPtr + <usize>f * rowBytes;
    let column: usize = 0;
    for (; column < vectorBytes; column += 16) {
      const offset = f32x4.sub(v128.load(x + column), f32x4.splat(mean));
      const normal = f32x4.mul(offset, f32x4.splat(factor));
      const shifted = multiplyAdd(normal, f32x4.splat(scale), f32x4.splat(shift));
      v128.store(y + column, f32x4.pmax(shifted, f32x4.splat(lowerBound)));
    }
    for (; column < rowBytes; column += 4) {
      const value = (load<f32>(x + column) - mean) * factor * scale + shift;
      store<f32>(y + column, value < lowerBound ? lowerBound : value);
    }
  }
}

export function batchNormBackward(
  dPtr: usize,
  dScalePtr: usize,
  dShiftPtr: usize,
  inputPtr: usize,
  scalePtr: usize,
  meanPtr: usize,
  inverseStdPtr: usize,
  features: i32,
  batch: i32,
  samples: i32,
): void {
  assertAligned(dPtr | dScalePtr | dShiftPtr | inputPtr);
  assertAligned(scalePtr | meanPtr | inverseStdPtr);
  assertMultiple(batch, 8);
  const rowBytes = (<usize>batch) << 2;
  const count = <f32>samples;
  for (let f = 0; f < features; ++f) {
    const at = (<usize>f) << 2;
    const x = inputPtr + <usize>f * rowBytes;
    const d = dPtr + <usize>f * rowBytes;
    const center = v128.load32_splat(meanPtr + at);
    const factor = v128.load32_splat(inverseStdPtr + at);
    let sums = f32x4.splat(0);
    let products = f32x4.splat(0);
    for (let column: usize = 0; column < rowBytes; column += 16) {
      const gradient = v128.load(d + column);
      const normal = f32x4.mul(f32x4.sub(v128.load(x + column), center), factor);
      sums = f32x4.add(sums, gradient);
      products = multiplyAdd(gradient, normal, products);
    }
    const dShift = sumLanes(sums);
    const dScale = sumLanes(products);
    store<f32>(dShiftPtr + at, dShift);
    store<f32>(dScalePtr + at, dScale);
    const meanGradient = f32x4.splat(dShift / count);
    const minusMeanProduct = f32x4.splat(-dScale / count);
    const gain = f32x4.mul(v128.load32_splat(scalePtr + at), factor);
    for (let b = 0; b < batch; b += 4) {
      const column = (<usize>b) << 2;
      const normal = f32x4.mul(f32x4.sub(v128.load(x + column), center), factor);
      const centered = f32x4.sub(v128.load(d + column), meanGradient);
      const dInput = f32x4.mul(gain, multiplyAdd(normal, minusMeanProduct, centered));
      v128.store(d + column, v128.and(dInput, sampleMask(b, samples)));
    }
  }
}

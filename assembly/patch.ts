// Parts that the convolution kernels share: a convolution multiplies packed weights with the packed rows of one pixel's patch.
import { multiplyAdd } from "./simd";

/** Mark of a row outside the grid, where the input is 0. */
export const OUTSIDE: u32 = 0xffffffff;

/** In place of a pointer to biases. */
export const NO_BIAS: usize = 0xffffffff;

/**
 * Packs weights for `multiplyPatch`, four outputs at a time: a vector of biases, then a vector for each term. A term is one of `blocks`
 * blocks of `blockTerms` consecutive weights. Outputs past the end are copies of the last. Returns the end of the packed weights.
 * @param biasPtr NO_BIAS for zeros
 */
export function packWeights(
  to: usize,
  weightPtr: usize,
  biasPtr: usize,
  outputs: i32,
  outputBytes: usize,
  blocks: i32,
  blockBytes: usize,
  blockTerms: i32,
): usize {
  const last = outputs - 1;
  const termBytes = (<usize>blockTerms) << 2;
  for (let o = 0; o < outputs; o += 4) {
    for (let lane = o; lane < o + 4; ++lane, to += 4) {
      store<f32>(
        to,
        biasPtr === NO_BIAS ? 0 : load<f32>(biasPtr + ((<usize>min(lane, last)) << 2)),
      );
    }
    const w1 = <usize>min(1, last - o) * outputBytes;
    const w2 = <usize>min(2, last - o) * outputBytes;
    const w3 = <usize>min(3, last - o) * outputBytes;
    let block = weightPtr + <usize>o * outputBytes;
    for (let k = 0; k < blocks; ++k, block += blockBytes) {
      for (let w = block; w < block + termBytes; w += 4, to += 16) {
        let weights = v128.load32_zero(w);
        weights = v128.load_lane<f32>(w + w1, weights, 1);
        weights = v128.load_lane<f32>(w + w2, weights, 2);
        v128.store(to, v128.load_lane<f32>(w + w3, weights, 3));
      }
    }
  }
  return to;
}

/**
 * Multiplies packed weights with a patch of 8 columns, (terms, 8) up to patchEnd, in registers for four outputs at a time. Output o goes
 * to outputPtr + o * outputBytes.
 */
export function multiplyPatch(
  outputPtr: usize,
  outputBytes: usize,
  packedPtr: usize,
  patchPtr: usize,
  patchEnd: usize,
  outputs: i32,
  floor: v128,
): void {
  const last = outputs - 1;
  let w = packedPtr;
  for (let o = 0; o < outputs; o += 4) {
    let a00 = v128.load32_splat(w);
    let a10 = v128.load32_splat(w, 4);
    let a20 = v128.load32_splat(w, 8);
    let a30 = v128.load32_splat(w, 12);
    let a01 = a00;
    let a11 = a10;
    let a21 = a20;
    let a31 = a30;
    w += 16;
    for (let x = patchPtr; x < patchEnd; x += 32, w += 16) {
      const x0 = v128.load(x);
      const x1 = v128.load(x, 16);
      let weight = v128.load32_splat(w);
      a00 = multiplyAdd(weight, x0, a00);
      a01 = multiplyAdd(weight, x1, a01);
      weight = v128.load32_splat(w, 4);
      a10 = multiplyAdd(weight, x0, a10);
      a11 = multiplyAdd(weight, x1, a11);
      weight = v128.load32_splat(w, 8);
      a20 = multiplyAdd(weight, x0, a20);
      a21 = multiplyAdd(weight, x1, a21);
      weight = v128.load32_splat(w, 12);
      a30 = multiplyAdd(weight, x0, a30);
      a31 = multiplyAdd(weight, x1, a31);
    }
    const y0 = outputPtr + <usize>o * outputBytes;
    const y1 = y0 + <usize>min(1, last - o) * outputBytes;
    const y2 = y0 + <usize>min(2, last - o) * outputBytes;
    const y3 = y0 + <usize>min(3, last - o) * outputBytes;
    v128.store(y0, f32x4.pmax(a00, floor));
    v128.store(y0, f32x4.pmax(a01, floor), 16);
    v128.store(y1, f32x4.pmax(a10, floor));
    v128.store(y1, f32x4.pmax(a11, floor), 16);
    v128.store(y2, f32x4.pmax(a20, floor));
    v128.store(y2, f32x4.pmax(a21, floor), 16);
    v128.store(y3, f32x4.pmax(a30, floor));
    v128.store(y3, f32x4.pmax(a31, floor), 16);
  }
}

/** For each pixel and 8 columns: copies the rows of its patch to patchPtr and multiplies packed weights with them. */
export function multiplyPatches(
  outputPtr: usize,
  inputPtr: usize,
  packedPtr: usize,
  patchPtr: usize,
  rowsPtr: usize,
  outputs: i32,
  terms: i32,
  pixels: i32,
  rowBytes: usize,
  lowerBound: f32,
): void {
  const floor = f32x4.splat(lowerBound);
  const outputBytes = <usize>pixels * rowBytes;
  const patchEnd = patchPtr + ((<usize>terms) << 5);
  const tableBytes = (<usize>terms) << 2;
  for (let p = 0; p < pixels; ++p, rowsPtr += tableBytes) {
    for (let column: usize = 0; column < rowBytes; column += 32, outputPtr += 32) {
      let r = rowsPtr;
      for (let to = patchPtr; to < patchEnd; to += 32, r += 4) {
        const row = load<u32>(r);
        if (row === OUTSIDE) {
          v128.store(to, f32x4.splat(0));
          v128.store(to, f32x4.splat(0), 16);
        } else {
          const from = inputPtr + <usize>row * rowBytes + column;
          v128.store(to, v128.load(from));
          v128.store(to, v128.load(from, 16), 16);
        }
      }
      multiplyPatch(outputPtr, outputBytes, packedPtr, patchPtr, patchEnd, outputs, floor);
    }
  }
}

// The inner loop of the gradients of weights, for dense layers and convolutions.
import { addPairs, multiplyAdd, storeLanes } from "./simd";

/**
 * Gradients of four columns of weights for the outputs from `begin` to `end`, two outputs at a time. Vector k of the four input
 * rows is at rowsPtr + k * step, plus 0, r1, r2 or r3 bytes.
 */
export function weightGradients(
  dWeight: usize,
  dOutputPtr: usize,
  rowsPtr: usize,
  step: usize,
  r1: usize,
  r2: usize,
  r3: usize,
  begin: i32,
  end: i32,
  last: i32,
  weightRowBytes: usize,
  rowBytes: usize,
): void {
  for (let o = begin; o < end; o += 2) {
    const o1 = min(o + 1, end - 1);
    const next = <usize>(o1 - o) * rowBytes;
    let d = dOutputPtr + <usize>o * rowBytes;
    const dEnd = d + rowBytes;
    let a00 = f32x4.splat(0);
    let a01 = f32x4.splat(0);
    let a02 = f32x4.splat(0);
    let a03 = f32x4.splat(0);
    let a10 = f32x4.splat(0);
    let a11 = f32x4.splat(0);
    let a12 = f32x4.splat(0);
    let a13 = f32x4.splat(0);
    for (let x = rowsPtr; d < dEnd; d += 16, x += step) {
      const d0 = v128.load(d);
      const d1 = v128.load(d + next);
      let value = v128.load(x);
      a00 = multiplyAdd(d0, value, a00);
      a10 = multiplyAdd(d1, value, a10);
      value = v128.load(x + r1);
      a01 = multiplyAdd(d0, value, a01);
      a11 = multiplyAdd(d1, value, a11);
      value = v128.load(x + r2);
      a02 = multiplyAdd(d0, value, a02);
      a12 = multiplyAdd(d1, value, a12);
      value = v128.load(x + r3);
      a03 = multiplyAdd(d0, value, a03);
      a13 = multiplyAdd(d1, value, a13);
    }
    const row0 = addPairs(addPairs(a00, a01), addPairs(a02, a03));
    const row1 = addPairs(addPairs(a10, a11), addPairs(a12, a13));
    const to0 = dWeight + <usize>o * weightRowBytes;
    const to1 = dWeight + <usize>o1 * weightRowBytes;
    if (last === 3) {
      v128.store(to0, row0);
      v128.store(to1, row1);
    } else {
      const c1 = (<usize>min(1, last)) << 2;
      const c2 = (<usize>min(2, last)) << 2;
      const c3 = (<usize>last) << 2;
      storeLanes(to0, to0 + c1, to0 + c2, to0 + c3, row0);
      storeLanes(to1, to1 + c1, to1 + c2, to1 + c3, row1);
    }
  }
}

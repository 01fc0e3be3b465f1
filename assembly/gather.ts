import { assertAligned, assertMultiple } from "./simd";

/** Transposes blocks of 4 rows by 4 columns in registers. Contract: src/kernels/js/gather.ts. */
export function gatherRows(
  batchPtr: usize,
  tablePtr: usize,
  rowsPtr: usize,
  width: i32,
  rowStride: i32,
  count: i32,
): void {
  assertAligned(batchPtr | tablePtr | rowsPtr);
  assertMultiple(count | rowStride, 4);
  const batchRowBytes = (<usize>count) << 2;
  const tableRowBytes = (<usize>rowStride) << 2;
  for (let k: usize = 0; k < batchRowBytes; k += 16) {
    const r0 = tablePtr + <usize>load<u32>(rowsPtr + k) * tableRowBytes;
    const r1 = tablePtr + <usize>load<u32>(rowsPtr + k, 4) * tableRowBytes;
    const r2 = tablePtr + <usize>load<u32>(rowsPtr + k, 8) * tableRowBytes;
    const r3 = tablePtr + <usize>load<u32>(rowsPtr + k, 12) * tableRowBytes;
    let out = batchPtr + k;
    for (let c = 0; c < width; c += 4) {
      const at = (<usize>c) << 2;
      const a = v128.load(r0 + at);
      const b = v128.load(r1 + at);
      const d = v128.load(r2 + at);
      const e = v128.load(r3 + at);
      const ab01 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
      const de01 = v128.shuffle<f32>(d, e, 0, 4, 1, 5);
      const ab23 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
      const de23 = v128.shuffle<f32>(d, e, 2, 6, 3, 7);
      const left = width - c;
      v128.store(out, v128.shuffle<f32>(ab01, de01, 0, 1, 4, 5));
      out += batchRowBytes;
      if (left > 1) v128.store(out, v128.shuffle<f32>(ab01, de01, 2, 3, 6, 7));
      out += batchRowBytes;
      if (left > 2) v128.store(out, v128.shuffle<f32>(ab23, de23, 0, 1, 4, 5));
      out += batchRowBytes;
      if (left > 3) v128.store(out, v128.shuffle<f32>(ab23, de23, 2, 3, 6, 7));
      out += batchRowBytes;
    }
  }
}

/**
 * Widens blocks of 4 cells of 4 rows: lane k of a vector has 4 bytes of row k, and a shift brings each of them to the lowest place.
 * Contract: src/kernels/js/gather.ts.
 */
export function gatherBytes(
  batchPtr: usize,
  tablePtr: usize,
  rowsPtr: usize,
  width: i32,
  rowStride: i32,
  count: i32,
): void {
  assertAligned(batchPtr | tablePtr | rowsPtr);
  assertMultiple(count | rowStride, 4);
  const batchRowBytes = (<usize>count) << 2;
  const stride = <usize>rowStride;
  const lowest = i32x4.splat(255);
  for (let k: usize = 0; k < batchRowBytes; k += 16) {
    const r0 = tablePtr + <usize>load<f32>(rowsPtr + k) * stride;
    const r1 = tablePtr + <usize>load<f32>(rowsPtr + k, 4) * stride;
    const r2 = tablePtr + <usize>load<f32>(rowsPtr + k, 8) * stride;
    const r3 = tablePtr + <usize>load<f32>(rowsPtr + k, 12) * stride;
    let out = batchPtr + k;
    for (let c = 0; c < width; c += 4) {
      const at = <usize>c;
      let cells = v128.load_zero<u32>(r0 + at);
      cells = v128.load_lane<u32>(r1 + at, cells, 1);
      cells = v128.load_lane<u32>(r2 + at, cells, 2);
      cells = v128.load_lane<u32>(r3 + at, cells, 3);
      const end = min(c + 4, width);
      for (let cell = c; cell < end; cell++) {
        v128.store(out, f32x4.convert_i32x4_u(v128.and(cells, lowest)));
        cells = i32x4.shr_u(cells, 8);
        out += batchRowBytes;
      }
    }
  }
}

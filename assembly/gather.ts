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
 * Widens blocks of 4 cells of 4 rows: lane k of a vector has 4 bytes of row k, and a shift brings each of them to the lowest place. The
 * columns are the inner loop, so that each line of the cache is written at once. Contract: src/kernels/js/gather.ts.
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
  const stride = i32x4.splat(rowStride);
  const lowest = i32x4.splat(255);
  let start = batchPtr;
  for (let c = 0; c < width; c += 4) {
    const table = i32x4.splat(<i32>tablePtr + c);
    const left = width - c;
    for (let k: usize = 0; k < batchRowBytes; k += 16) {
      const rows = i32x4.trunc_sat_f32x4_s(v128.load(rowsPtr + k));
      const at = i32x4.add(i32x4.mul(rows, stride), table);
      let cells = v128.load_zero<u32>(<usize>i32x4.extract_lane(at, 0));
      cells = v128.load_lane<u32>(<usize>i32x4.extract_lane(at, 1), cells, 1);
      cells = v128.load_lane<u32>(<usize>i32x4.extract_lane(at, 2), cells, 2);
      cells = v128.load_lane<u32>(<usize>i32x4.extract_lane(at, 3), cells, 3);
      let out = start + k;
      for (let cell = 0; cell < 4 && cell < left; cell++) {
        v128.store(out, f32x4.convert_i32x4_u(v128.and(cells, lowest)));
        cells = i32x4.shr_u(cells, 8);
        out += batchRowBytes;
      }
    }
    start += batchRowBytes << 2;
  }
}

export function gatherKernels(f32: Float32Array, u32: Uint32Array, u8: Uint8Array) {
  return {
    /**
     * batch[c][k] = table[rows[k]][c]: copies rows of a table into the columns of a batch.
     * batch (width, count), table (any, rowStride), rows (count) u32; count and rowStride multiples of 4, width <= rowStride.
     */
    gatherRows(
      batchPtr: number,
      tablePtr: number,
      rowsPtr: number,
      width: number,
      rowStride: number,
      count: number,
    ): void {
      const batch = batchPtr >>> 2;
      const table = tablePtr >>> 2;
      const rows = rowsPtr >>> 2;
      for (let k = 0; k < count; k++) {
        const row = table + u32[rows + k]! * rowStride;
        for (let c = 0; c < width; c++) f32[batch + c * count + k] = f32[row + c]!;
      }
    },

    /**
     * batch[c][k] = table[rows[k]][c]: copies rows of a table of bytes into the columns of a batch.
     * batch (width, count), table (any, rowStride) u8, rows (count), whole numbers; count and rowStride multiples of 4, width <= rowStride.
     */
    gatherBytes(
      batchPtr: number,
      tablePtr: number,
      rowsPtr: number,
      width: number,
      rowStride: number,
      count: number,
    ): void {
      const batch = batchPtr >>> 2;
      const rows = rowsPtr >>> 2;
      for (let k = 0; k < count; k++) {
        const row = tablePtr + f32[rows + k]! * rowStride;
        for (let c = 0; c < width; c++) f32[batch + c * count + k] = u8[row + c]!;
      }
    },
  };
}

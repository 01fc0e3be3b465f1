/** Replaces the header of a safetensors file, padded to 8 bytes, and sets its length. */
export function withHeader(bytes: Uint8Array, change: (header: string) => string): Uint8Array {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const text = Buffer.from(
    change(
      Buffer.from(bytes.subarray(8, 8 + length))
        .toString()
        .trim(),
    ),
  );
  const header = Buffer.alloc(8 + Math.ceil(text.length / 8) * 8, " ");
  header.writeBigUInt64LE(BigInt(header.length - 8));
  text.copy(header, 8);
  return Buffer.concat([header, bytes.subarray(8 + length)]);
}

/** Removes the checksum from a file of this library. */
export function withoutChecksum(bytes: Uint8Array): Uint8Array {
  return withHeader(bytes, (header) => {
    const read = JSON.parse(header) as { __metadata__: Record<string, string> };
    const { wasm_dqn_crc32: _, ...metadata } = read.__metadata__;
    return JSON.stringify({ ...read, __metadata__: metadata });
  });
}

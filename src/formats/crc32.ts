/** Bytes of one iteration ("slicing-by-8"). */
const SLICES = 8;
/** Reversed polynomial of the CRC-32 of zip, PNG and Python's `zlib.crc32`. */
const POLYNOMIAL = 0xedb88320;

let tables: Int32Array | undefined;

/** Returns a table (SLICES, 256). Element (k, byte) is the CRC of the byte followed by k zero bytes. */
function makeTables(): Int32Array {
  const result = new Int32Array(SLICES * 256);
  for (let k = 0; k < result.length; k++) {
    let crc = k;
    if (k < 256) for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 && POLYNOMIAL);
    else crc = (result[k - 256]! >>> 8) ^ result[result[k - 256]! & 255]!;
    result[k] = crc;
  }
  return result;
}

/**
 * Returns the CRC-32 of `bytes` as a signed 32-bit number. To continue a checksum, pass the CRC of the preceding bytes as `crc`.
 * It detects every change of one bit, or within 32 consecutive bits. About 0.9 GB/s. The package crc-32, used for the event
 * files, would add 1 kB to the browser file.
 */
export function crc32(bytes: Uint8Array, crc = 0): number {
  tables ??= makeTables();
  const t = tables;
  let sum = ~crc;
  // In parts of 1 MiB, so that indices stay small integers in files over 2 GiB.
  for (let start = 0; start < bytes.length; start += 2 ** 20) {
    const part = bytes.subarray(start, start + 2 ** 20);
    const view = new DataView(part.buffer, part.byteOffset, part.length);
    let at = 0;
    for (; at + SLICES <= part.length; at += SLICES) {
      const a = sum ^ view.getInt32(at, true);
      const b = view.getInt32(at + 4, true);
      sum =
        t[1792 + (a & 255)]! ^
        t[1536 + ((a >>> 8) & 255)]! ^
        t[1280 + ((a >>> 16) & 255)]! ^
        t[1024 + (a >>> 24)]! ^
        t[768 + (b & 255)]! ^
        t[512 + ((b >>> 8) & 255)]! ^
        t[256 + ((b >>> 16) & 255)]! ^
        t[b >>> 24]!;
    }
    for (; at < part.length; at++) sum = (sum >>> 8) ^ t[(sum ^ part[at]!) & 255]!;
  }
  return ~sum;
}

import { expect } from "vitest";

/** Frames of a GIF: their sizes, and their delays in hundredths of a second. */
export function gifFrames(bytes: Uint8Array) {
  expect(new TextDecoder().decode(bytes.subarray(0, 6))).toBe("GIF89a");
  const word = (at: number) => bytes[at]! + 256 * bytes[at + 1]!;
  const colors = (flags: number) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  let at = 13 + colors(bytes[10]!);
  let delay = 0;
  const frames: { width: number; height: number; delay: number }[] = [];
  const blocks = () => {
    for (; bytes[at] !== 0; at += bytes[at]! + 1);
    at++;
  };
  while (bytes[at] !== 0x3b) {
    if (bytes[at] === 0x21) {
      if (bytes[at + 1] === 0xf9) delay = word(at + 4);
      at += 2;
    } else {
      expect(bytes[at]).toBe(0x2c);
      frames.push({ width: word(at + 5), height: word(at + 7), delay });
      at += 10 + colors(bytes[at + 9]!) + 1;
    }
    blocks();
  }
  expect(at).toBe(bytes.length - 1);
  return frames;
}

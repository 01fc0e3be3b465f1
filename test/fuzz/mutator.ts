import { crc32 } from "node:zlib";
import type { RandomStream } from "../../src/numerics/random.ts";

/** Bytes that often break parsers: digits, quotes, brackets, line ends, extreme bytes, incomplete UTF-8. */
const oddBytes = [...'0123456789-+.eE"{}[]:,=\\/\n\r\t ', 0, 1, 0x7f, 0x80, 0xc3, 0xed, 0xff];

/** Replacement texts. */
const oddTexts = [
  ...["0", "-0", "-1", "1e308", "1e999", "-1e308", "5e-324", "0.5", "NaN", "Infinity", "null"],
  ...["9007199254740991", "9007199254740993", "4294967296", "18446744073709551615", "1e15"],
  ...['"__proto__"', '"constructor"', '"toString"', '{"toString":1}', "[]", "{}", "true", '""'],
  ...['"\\ud800"', '"\\u0000"', '"../../../x"', '"=1+1"', "\ufeff", "\u001b[31m", "\u2028", "'"],
  "[".repeat(5_000),
  `"${"x".repeat(5_000)}"`,
];

/** Whole numbers at the limits of integer types, for lengths and offsets. */
const oddIntegers = [0n, 1n, 7n, 8n, 255n, 65_536n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 53n].concat(
  2n ** 60n,
  2n ** 63n,
  2n ** 64n - 1n,
);

const oddNumbers = [
  0,
  -0,
  1,
  -1,
  1e-40,
  1e-310,
  1e12,
  1e16,
  1e30,
  1e308,
  Infinity,
  -Infinity,
  Number.NaN,
];

/** Sets the file's checksum to that of its bytes, so that readers get past the checksum. */
function sealed(bytes: Uint8Array): Uint8Array {
  const file = Buffer.from(bytes);
  const start = file.indexOf(checksumPlace) + checksumPlace.length;
  if (start < checksumPlace.length || start + 8 > file.length) return bytes;
  file.fill("0", start, start + 8);
  file.write(crc32(file).toString(16).padStart(8, "0"), start);
  return Uint8Array.from(file);
}

const checksumPlace = '"wasm_dqn_crc32":"';

/** Damages bytes and texts, reproducibly for a random stream. */
export class Mutator {
  readonly #random: RandomStream;

  constructor(random: RandomStream) {
    this.#random = random;
  }

  below(bound: number): number {
    return this.#random.nextBelow(bound);
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]!;
  }

  /** Applies one to four random changes. */
  bytes(original: Uint8Array): Uint8Array {
    let bytes = original;
    for (let left = 1 + this.below(4); left > 0; left--) bytes = this.#damaged(bytes);
    return this.below(8) === 0 ? bytes : sealed(bytes);
  }

  /** Writes one to three odd numbers over the bytes. */
  numbers(original: Uint8Array): Uint8Array {
    let bytes = original;
    for (let left = 1 + this.below(3); left > 0; left--) {
      bytes = this.#withNumber(bytes, this.below(bytes.length));
    }
    return bytes;
  }

  #damaged(bytes: Uint8Array): Uint8Array {
    const at = this.below(bytes.length + 1);
    const length = this.below(this.pick([2, 9, 65, bytes.length + 1]));
    const joined = (...parts: readonly (Uint8Array | readonly number[])[]) =>
      Uint8Array.from(parts.flatMap((part) => [...part]));
    switch (this.below(8)) {
      case 0:
        return bytes.slice(0, at);
      case 1:
        return joined(bytes.subarray(0, at), bytes.subarray(at + length));
      case 2: {
        const inserted = Array.from({ length }, () => this.#oddByte());
        return joined(bytes.subarray(0, at), inserted, bytes.subarray(at));
      }
      case 3:
        return joined(bytes.subarray(0, at + length), bytes.subarray(at));
      case 4: {
        const from = this.below(bytes.length + 1);
        const spliced = bytes.slice();
        spliced.set(bytes.subarray(from, from + Math.min(length, bytes.length - at)), at);
        return spliced;
      }
      case 5:
        return this.#withNumber(bytes, at);
      default: {
        const flipped = bytes.slice();
        for (let left = 1 + this.below(3); left > 0 && flipped.length > 0; left--) {
          const place = this.below(flipped.length);
          flipped[place] =
            this.below(2) === 0 ? flipped[place]! ^ (1 << this.below(8)) : this.#oddByte();
        }
        return flipped;
      }
    }
  }

  #oddByte(): number {
    const byte = this.below(3) === 0 ? this.below(256) : this.pick(oddBytes);
    return typeof byte === "string" ? byte.charCodeAt(0) : byte;
  }

  /** Writes an odd number at `place`, or at the start, where a length may be. */
  #withNumber(bytes: Uint8Array, place: number): Uint8Array {
    if (bytes.length < 8) return bytes;
    const edited = bytes.slice();
    const view = new DataView(edited.buffer);
    const near = Math.min(place, bytes.length - 8);
    const at = this.pick([0, near, near - (near % 8)]);
    const kind = this.below(4);
    if (kind === 0) view.setBigUint64(at, this.pick(oddIntegers), true);
    else if (kind === 1) view.setBigUint64(at, BigInt(this.below(2 * bytes.length)), true);
    else if (kind === 2) view.setFloat64(at, this.pick(oddNumbers), true);
    else view.setFloat32(at, this.pick(oddNumbers), true);
    return edited;
  }

  /** Changes, inserts or deletes one to three tokens of a text. */
  text(original: string): string {
    let text = original;
    for (let left = 1 + this.below(3); left > 0; left--) {
      const tokens = text.slice(0, 50_000).match(/[\w.+-]+|"(?:[^"\\]|\\.)*"|\s+|[^\w\s]/g) ?? [""];
      const at = this.below(tokens.length);
      const kind = this.below(6);
      if (kind === 0) tokens.splice(at, 1);
      else if (kind === 1) tokens.splice(at, 0, tokens[this.below(tokens.length)]!);
      else if (kind === 2) tokens.splice(at, this.below(20));
      else if (kind === 3) tokens[at] = this.#changedNumber(tokens[at]!);
      else tokens[at] = this.pick(oddTexts);
      text = tokens.join("") + text.slice(50_000);
    }
    return text;
  }

  #changedNumber(token: string): string {
    const value = Number(token);
    if (Number.isNaN(value) || token.trim() === "") return this.pick(oddTexts);
    const others = [value + 1, value - 1, -value, 2 * value, 1e6 * value, value / 2];
    return String(this.pick(others));
  }

  /** Changes the header text of a safetensors file and sets its length and checksum, so that readers get past them. */
  header(file: Uint8Array): Uint8Array {
    const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
    const text = new TextDecoder().decode(file.subarray(8, 8 + length));
    const header = new TextEncoder().encode(this.text(text));
    const bytes = new Uint8Array(8 + header.length + file.length - 8 - length);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
    bytes.set(header, 8);
    bytes.set(file.subarray(8 + length), 8 + header.length);
    return sealed(bytes);
  }
}

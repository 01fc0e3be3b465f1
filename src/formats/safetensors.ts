import { RunError, refuseUnless, shortened, show } from "../errors.ts";
import { allocate } from "../kernels/core.ts";
import { arrayTypes, type ElementType } from "../network/arena.ts";
import type { Tensor } from "../network/namedTensor.ts";
import { product } from "../numerics/product.ts";
import type { Bytes } from "../typedArrays.ts";
import { crc32 } from "./crc32.ts";

/** A tensor to write. */
export interface SourceTensor extends Tensor {
  /** Generates the numbers while the file is written, to save memory. `values` is then empty. It is iterated twice. */
  readonly parts?: Iterable<Tensor["values"]>;
}

/** Contents of a safetensors file. The tensors are in the order of their data. */
export interface TensorFile {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: readonly Tensor[];
}

/** The limit of the format's reference implementation. */
const MAX_HEADER_BYTES = 100_000_000;

/** Metadata key of the file's CRC-32, 8 hexadecimal digits. They count as zeros in the checksum. */
export const checksumKey = "wasm_dqn_crc32";
const NO_CHECKSUM = "00000000";

const types = Object.keys(arrayTypes) as ElementType[];

/** Number of elements; exactly 0 although the product of the other sizes may overflow. */
function elements(shape: readonly number[]): number {
  return shape.includes(0) ? 0 : product(shape);
}

/** Replaces the checksum in a header. The quotes make the match unique: in any other text they are escaped. */
function withChecksum(header: string, digits: string): string {
  return header.replace(/("wasm_dqn_crc32":")\w{8}/, (_, start) => start + digits);
}

/** Start of a file: 8 bytes of header length, then the header, padded with spaces to a multiple of 8 bytes. */
function frame(header: string): Uint8Array {
  const text = new TextEncoder().encode(header);
  const length = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + length).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(text, 8);
  return bytes;
}

function digitsOf(crc: number): string {
  return (crc >>> 0).toString(16).padStart(8, "0");
}

/** Contents of a file to write. */
interface TensorSource {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: readonly SourceTensor[];
}

/** The tensor's bytes in memory order, which is little-endian in every engine that has WebAssembly. */
function* bytesOf({ values, parts = [values] }: SourceTensor): Generator<Uint8Array> {
  for (const { buffer, byteLength, byteOffset } of parts) {
    yield new Uint8Array(buffer, byteOffset, byteLength);
  }
}

/** Returns the header, its checksum still zeros, and the size of the data after it. */
function describeFile({ metadata, tensors }: TensorSource): { header: string; dataBytes: number } {
  // Without a prototype, so that a tensor may have any name.
  const header: Record<string, unknown> = Object.create(null);
  header.__metadata__ = { ...metadata, [checksumKey]: NO_CHECKSUM };
  let end = 0;
  for (const { name, shape, values } of tensors) {
    const start = end;
    end += values.BYTES_PER_ELEMENT * elements(shape);
    const type = types.find((candidate) => values instanceof arrayTypes[candidate]);
    header[name] = { dtype: type?.toUpperCase(), shape, data_offsets: [start, end] };
  }
  return { header: JSON.stringify(header), dataBytes: end };
}

/**
 * Yields a safetensors file in pieces: header length, JSON header, little-endian numbers
 * (https://github.com/huggingface/safetensors). The pieces are views of the tensors, so a large file needs no copy in memory. The
 * tensors are read twice, first for the checksum, and must not change before the last piece.
 */
export function* safetensorsPieces(file: TensorSource): Generator<Uint8Array> {
  const { header } = describeFile(file);
  let crc = crc32(frame(header));
  for (const tensor of file.tensors) {
    for (const bytes of bytesOf(tensor)) crc = crc32(bytes, crc);
  }
  yield frame(withChecksum(header, digitsOf(crc)));
  for (const tensor of file.tensors) yield* bytesOf(tensor);
}

/** Returns `safetensorsPieces` as one array. @throws RunError if its allocation fails */
export function encodeSafetensors(file: TensorSource): Bytes {
  const { dataBytes, header } = describeFile(file);
  const length = frame(header).length + dataBytes;
  const bytes = allocate(length, () => new Uint8Array(length));
  let at = 0;
  for (const piece of safetensorsPieces(file)) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is a list of whole numbers from 0. */
export function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function unreadable(name: string, reason: string): RunError {
  return new RunError(`${name} is not a readable safetensors file: ${reason}.`);
}

/** A parsed header, not yet compared with the data. */
interface Header {
  readonly text: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** By tensor name, not validated. */
  readonly entries: Readonly<Record<string, unknown>>;
  /** The bytes after the header. */
  readonly data: Uint8Array;
}

/** Parses the header alone. @throws RunError that begins with `name` if it is damaged */
export function readHeader(bytes: Uint8Array, name: string): Header {
  refuseUnless(bytes instanceof Uint8Array, name, "the file's bytes as a Uint8Array", bytes);
  if (bytes.length < 8) throw unreadable(name, `it has only ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const end = 8 + Number(view.getBigUint64(0, true));
  if (end > bytes.length || end > MAX_HEADER_BYTES) {
    throw unreadable(name, `its header ends at byte ${end} of ${bytes.length}`);
  }
  let text = "";
  let header: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, end));
    header = JSON.parse(text);
  } catch {
    // The header stays undefined.
  }
  const { __metadata__: metadata = {}, ...entries } = Object(header) as Record<string, unknown>;
  const texts =
    isRecord(metadata) && Object.values(metadata).every((value) => typeof value === "string");
  if (!isRecord(header) || !texts) {
    throw unreadable(name, "its header is not a JSON object with string metadata");
  }
  const data = bytes.subarray(end);
  return { text, metadata: metadata as Record<string, string>, entries, data };
}

/** Reads a safetensors file. @throws RunError that begins with `name` if it is damaged or has a tensor of an unknown type */
export function decodeTensors(bytes: Uint8Array, name: string): TensorFile {
  const { text, metadata, entries, data } = readHeader(bytes, name);
  const placed: { name: string; shape: number[]; type: ElementType; start: number; end: number }[] =
    [];
  for (const [key, entry] of Object.entries(entries)) {
    const refuse = (reason: string) => unreadable(name, `${shortened(key)} ${reason}`);
    const { dtype, shape, data_offsets: offsets } = isRecord(entry) ? entry : {};
    const type = types.find((candidate) => candidate.toUpperCase() === dtype);
    if (type === undefined) throw refuse(`has the unknown type ${show(dtype)}`);
    if (!isSizes(shape) || !isSizes(offsets) || offsets.length !== 2) {
      throw refuse("has no valid shape and offsets");
    }
    const [start = 0, end = 0] = offsets;
    const needed = arrayTypes[type].BYTES_PER_ELEMENT * elements(shape);
    if (end - start !== needed) throw refuse(`has ${end - start} bytes, expected ${needed}`);
    placed.push({ name: key, shape, type, start, end });
  }
  placed.sort((a, b) => a.start - b.start || a.end - b.end);
  let reached = 0;
  for (const { name: key, start, end } of placed) {
    if (start !== reached) {
      throw unreadable(name, `${shortened(key)} overlaps another tensor or leaves a gap`);
    }
    reached = end;
  }
  if (reached !== data.length) {
    throw unreadable(name, `its tensors have ${reached} bytes, the file has ${data.length}`);
  }
  const checksum = metadata[checksumKey];
  if (checksum !== undefined) {
    const digits = digitsOf(crc32(data, crc32(frame(withChecksum(text, NO_CHECKSUM)))));
    if (digits !== checksum) {
      throw unreadable(name, `its checksum is ${digits}, expected ${show(checksum)}`);
    }
  }
  // Copied last: overlapping tensors could ask for much more memory than the file has.
  const tensors = placed.map(({ name, shape, type, start, end }): Tensor => {
    const { buffer } = new Uint8Array(data.subarray(start, end));
    return { name, shape, values: new arrayTypes[type](buffer) };
  });
  return { metadata, tensors };
}

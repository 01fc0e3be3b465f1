import { RunError, refuseUnless, shortened, show } from "../errors.ts";
import { allocate } from "../kernels/core.ts";
import type { NamedTensor, Tensor } from "../network/namedTensor.ts";
import type { Bytes } from "../typedArrays.ts";
import { crc32 } from "./crc32.ts";

/** The types of number a file may hold here, and the arrays they come in. */
const arrays = { F64: Float64Array, F32: Float32Array, U32: Uint32Array, U8: Uint8Array } as const;
export type NumberType = keyof typeof arrays;

/** A float32 tensor that is made in parts when they are wanted: all of it at once might not fit. */
export interface TensorInParts {
  readonly name: string;
  readonly shape: readonly number[];
  /** One after the other all of the tensor's numbers; the same ones each time it is iterated. */
  readonly parts: Iterable<Float32Array>;
}

/** What a safetensors file holds: tensors in the file's order, and text about them. */
export interface TensorFile<Kind extends Tensor = Tensor> {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: readonly Kind[];
}

const MAX_HEADER_BYTES = 100_000_000;

/** The metadata's key for the CRC-32 of the whole file, 8 hexadecimal digits that count as zeros in it. */
export const checksumKey = "wasm_dqn_crc32";
const NO_CHECKSUM = "00000000";

function elements(shape: readonly number[]): number {
  if (shape.includes(0)) return 0;
  return shape.reduce((product, size) => product * size, 1);
}

/** The header's text with other digits in the place of its checksum's; within any other text the quotes would be escaped. */
function withChecksum(header: string, digits: string): string {
  return header.replace(/("wasm_dqn_crc32":")\w{8}/, (_, start) => start + digits);
}

/** The start of a file: 8 bytes of header length, then the header, padded with spaces to a multiple of 8 bytes. */
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

/** A file that is to be written. */
interface TensorSource {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: readonly (Tensor | TensorInParts)[];
}

/** The bytes as they are: little-endian, as in every engine that has WebAssembly. */
function* bytesOf(tensor: Tensor | TensorInParts): Generator<Uint8Array> {
  for (const { buffer, byteLength, byteOffset } of "parts" in tensor
    ? tensor.parts
    : [tensor.values]) {
    yield new Uint8Array(buffer, byteOffset, byteLength);
  }
}

/** The header's text, its checksum still zeros, and the bytes of the numbers behind it. */
function describeFile({ metadata, tensors }: TensorSource): { header: string; dataBytes: number } {
  // Without a prototype: a tensor may have any name.
  const header: Record<string, unknown> = Object.create(null);
  header.__metadata__ = { ...metadata, [checksumKey]: NO_CHECKSUM };
  let end = 0;
  for (const tensor of tensors) {
    const start = end;
    const { name, shape } = tensor;
    const dtype = "parts" in tensor ? "F32" : typeOf(tensor.values);
    end += arrays[dtype].BYTES_PER_ELEMENT * elements(shape);
    header[name] = { dtype, shape, data_offsets: [start, end] };
  }
  return { header: JSON.stringify(header), dataBytes: end };
}

/**
 * Writes tensors in the safetensors format (https://github.com/huggingface/safetensors): 8 bytes of header length,
 * a JSON header, then the little-endian numbers. `safetensors.torch.load_file` reads it as it is. The header and views of the
 * tensors come one after the other, so that a file needs no memory of its size; the tensors must stay as they are until the last.
 * They are iterated twice: the metadata's `wasm_dqn_crc32` is a checksum over everything.
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

/** `safetensorsPieces` as one array. @throws RunError if there is no memory of its size */
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

function typeOf(values: Tensor["values"]): NumberType {
  if (values instanceof Float32Array) return "F32";
  if (values instanceof Float64Array) return "F64";
  return values instanceof Uint32Array ? "U32" : "U8";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

/**
 * Reads a safetensors file of float32 tensors.
 * @throws RunError with one sentence that begins with `name` if the bytes are not such a file.
 */
export function decodeSafetensors(bytes: Uint8Array, name: string): TensorFile<NamedTensor> {
  return decodeTensors(bytes, name, ["F32"]) as TensorFile<NamedTensor>;
}

/** Reads a safetensors file of tensors of the given types. @throws RunError as `decodeSafetensors` */
export function decodeTensors(
  bytes: Uint8Array,
  name: string,
  types: readonly NumberType[] = ["F64", "F32", "U32", "U8"],
): TensorFile {
  refuseUnless(bytes instanceof Uint8Array, name, "a file's bytes, a Uint8Array", bytes);
  const refuse = (reason: string): never => {
    throw new RunError(`${name} is not a readable safetensors file: ${reason}.`);
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8) return refuse(`it has ${bytes.length} bytes, fewer than its header needs`);
  const headerBytes = Number(view.getBigUint64(0, true));
  if (headerBytes > bytes.length - 8 || headerBytes > MAX_HEADER_BYTES) {
    return refuse(`its header claims ${headerBytes} bytes, the file has ${bytes.length}`);
  }
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, 8 + headerBytes));
    header = JSON.parse(text);
  } catch {
    return refuse("its header is not JSON");
  }
  if (!isRecord(header)) return refuse("its header is not a JSON object");
  const { __metadata__: metadata = {}, ...entries } = header;
  if (!isRecord(metadata) || Object.values(metadata).some((text) => typeof text !== "string")) {
    return refuse("its metadata is not an object of texts");
  }
  const data = 8 + headerBytes;
  const dataBytes = bytes.length - data;
  const placed: { name: string; shape: number[]; type: NumberType; start: number; end: number }[] =
    [];
  for (const [name, entry] of Object.entries(entries)) {
    const key = shortened(name);
    if (!isRecord(entry)) return refuse(`the entry of ${key} is not an object`);
    const { dtype, shape, data_offsets: offsets } = entry;
    const type = types.find((candidate) => candidate === dtype);
    if (type === undefined) {
      return refuse(
        `${key} has the type ${typeof dtype === "string" ? shortened(dtype) : show(dtype)}, expected ${types.join(" or ")}`,
      );
    }
    if (!isSizes(shape) || !isSizes(offsets) || offsets.length !== 2) {
      return refuse(`${key} has no proper shape and offsets`);
    }
    const [start = 0, end = 0] = offsets;
    if (end > dataBytes) {
      return refuse(`${key} ends at byte ${end} of ${dataBytes}: the file is cut short`);
    }
    const needed = arrays[type].BYTES_PER_ELEMENT * elements(shape);
    if (end - start !== needed) {
      return refuse(`${key} has ${end - start} bytes, its shape needs ${needed}`);
    }
    placed.push({ name, shape, type, start, end });
  }
  placed.sort((a, b) => a.start - b.start || a.end - b.end);
  let reached = 0;
  for (const { name, start, end } of placed) {
    if (start !== reached) {
      return refuse(`${shortened(name)} overlaps another tensor or leaves a gap`);
    }
    reached = end;
  }
  if (reached !== dataBytes) return refuse(`${dataBytes - reached} bytes belong to no tensor`);
  const checksum = metadata[checksumKey];
  if (checksum !== undefined) {
    const start = crc32(frame(withChecksum(text, NO_CHECKSUM)));
    const digits = digitsOf(crc32(bytes.subarray(data), start));
    if (digits !== checksum) {
      return refuse(`it is damaged, its checksum is ${digits} instead of ${show(checksum)}`);
    }
  }
  // Copied only now: tensors that overlap could ask for much more than the file has.
  const tensors = placed.map(({ name, shape, type, start, end }): Tensor => {
    const { buffer } = new Uint8Array(bytes.subarray(data + start, data + end));
    return { name, shape, values: new arrays[type](buffer) };
  });
  return { metadata: metadata as Record<string, string>, tensors };
}

import { RunError, shortened, show } from "../errors.ts";

/** The types of number a file may hold here, and the arrays they come in. */
const arrays = { F64: Float64Array, F32: Float32Array, U32: Uint32Array, U8: Uint8Array } as const;
export type NumberType = keyof typeof arrays;

/** A tensor as a safetensors file holds it. */
export interface Tensor<Values = Float64Array | Float32Array | Uint32Array | Uint8Array> {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Values;
}

/** A float32 tensor, a network's. */
export type NamedTensor = Tensor<Float32Array>;

/** What a safetensors file holds: tensors in the file's order, and text about them. */
export interface TensorFile<Kind extends Tensor = Tensor> {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: readonly Kind[];
}

const MAX_HEADER_BYTES = 100_000_000;

function elements(shape: readonly number[]): number {
  if (shape.includes(0)) return 0;
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * Writes tensors in the safetensors format (https://github.com/huggingface/safetensors): 8 bytes of header length,
 * a JSON header, then the little-endian numbers. `safetensors.torch.load_file` reads it as it is.
 */
export function encodeSafetensors({ metadata, tensors }: TensorFile): Uint8Array<ArrayBuffer> {
  // Without a prototype: a tensor may have any name.
  const header: Record<string, unknown> = Object.create(null);
  header.__metadata__ = metadata;
  let end = 0;
  for (const { name, shape, values } of tensors) {
    const start = end;
    end += values.byteLength;
    header[name] = { dtype: typeOf(values), shape, data_offsets: [start, end] };
  }
  const json = JSON.stringify(header);
  const text = new TextEncoder().encode(json);
  const headerBytes = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerBytes + end).fill(0x20, 8, 8 + headerBytes);
  bytes.set(text, 8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  let at = 8 + headerBytes;
  for (const { values } of tensors) {
    // The bytes as they are: little-endian, as in every engine that has WebAssembly.
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
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
  const refuse = (reason: string): never => {
    throw new RunError(`${name} is not a readable safetensors file: ${reason}.`);
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8) return refuse(`it has ${bytes.length} bytes, fewer than its header needs`);
  const headerBytes = Number(view.getBigUint64(0, true));
  if (headerBytes > bytes.length - 8 || headerBytes > MAX_HEADER_BYTES) {
    return refuse(`its header claims ${headerBytes} bytes, the file has ${bytes.length}`);
  }
  let header: unknown;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(
      bytes.subarray(8, 8 + headerBytes),
    );
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
  // Copied only now: tensors that overlap could ask for much more than the file has.
  const tensors = placed.map(({ name, shape, type, start, end }): Tensor => {
    const { buffer } = new Uint8Array(bytes.subarray(data + start, data + end));
    return { name, shape, values: new arrays[type](buffer) };
  });
  return { metadata: metadata as Record<string, string>, tensors };
}

import { RunError } from "../errors.ts";

/** A float32 tensor as a safetensors file holds it. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** What a safetensors file holds: tensors in the file's order, and text about them. */
export interface TensorFile {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: readonly NamedTensor[];
}

const MAX_HEADER_BYTES = 100_000_000;

function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * Writes tensors in the safetensors format (https://github.com/huggingface/safetensors): 8 bytes of header length,
 * a JSON header, then the little-endian numbers. `safetensors.torch.load_file` reads it as it is.
 */
export function encodeSafetensors({ metadata, tensors }: TensorFile): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const { name, shape, values } of tensors) {
    const start = end;
    end += 4 * values.length;
    header[name] = { dtype: "F32", shape, data_offsets: [start, end] };
  }
  const json = JSON.stringify(header);
  const text = new TextEncoder().encode(json);
  const headerBytes = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerBytes + end).fill(0x20, 8, 8 + headerBytes);
  bytes.set(text, 8);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(headerBytes), true);
  let at = 8 + headerBytes;
  for (const { values } of tensors) {
    for (const value of values) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  }
  return bytes;
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
export function decodeSafetensors(bytes: Uint8Array, name: string): TensorFile {
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
  const placed: { tensor: NamedTensor; start: number; end: number }[] = [];
  for (const [key, entry] of Object.entries(entries)) {
    if (!isRecord(entry)) return refuse(`the entry of ${key} is not an object`);
    const { dtype, shape, data_offsets: offsets } = entry;
    if (dtype !== "F32") return refuse(`${key} has the type ${String(dtype)}, expected F32`);
    if (!isSizes(shape) || !isSizes(offsets) || offsets.length !== 2) {
      return refuse(`${key} has no proper shape and offsets`);
    }
    const [start = 0, end = 0] = offsets;
    if (end > dataBytes) {
      return refuse(`${key} ends at byte ${end} of ${dataBytes}: the file is cut short`);
    }
    if (end - start !== 4 * elements(shape)) {
      return refuse(`${key} has ${end - start} bytes, its shape needs ${4 * elements(shape)}`);
    }
    const values = new Float32Array((end - start) / 4);
    for (let k = 0; k < values.length; k++) values[k] = view.getFloat32(data + start + 4 * k, true);
    placed.push({ tensor: { name: key, shape, values }, start, end });
  }
  placed.sort((a, b) => a.start - b.start || a.end - b.end);
  let reached = 0;
  for (const { tensor, start, end } of placed) {
    if (start !== reached) return refuse(`${tensor.name} overlaps another tensor or leaves a gap`);
    reached = end;
  }
  if (reached !== dataBytes) return refuse(`${dataBytes - reached} bytes belong to no tensor`);
  return {
    metadata: metadata as Record<string, string>,
    tensors: placed.map(({ tensor }) => tensor),
  };
}

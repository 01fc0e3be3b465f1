import crc32c from "crc-32/crc32c.js";
import { PbfWriter } from "pbf";

/** Values of tags at a step. */
export interface Scalars {
  readonly step: number;
  /** Seconds since 1970. */
  readonly time: number;
  readonly values: Readonly<Record<string, number>>;
}

/** TFRecord's masked CRC-32C: rotated right by 15 bits, plus a constant. */
function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c.buf(bytes, 0) >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** Encodes a TFRecord: length (u64), CRC of the length, data, CRC of the data; all little-endian. */
function record(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(16 + data.length);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc(bytes.subarray(0, 8)), true);
  bytes.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc(data), true);
  return bytes;
}

/**
 * First record of a TensorBoard event file (tensorflow/core/util/event.proto): Event { wall_time = 1 double, file_version = 3
 * string }.
 */
export function eventFileStart(time: number): Uint8Array {
  const event = new PbfWriter();
  event.writeDoubleField(1, time);
  event.writeStringField(3, "brain.Event:2");
  return record(event.finish());
}

/**
 * Record of values: Event { wall_time = 1 double, step = 2 int64, summary = 5 { value = 1 repeated { tag = 1 string,
 * simple_value = 2 float } } }.
 */
export function eventFileRecord({ step, time, values }: Scalars): Uint8Array {
  const event = new PbfWriter();
  event.writeDoubleField(1, time);
  event.writeVarintField(2, step);
  event.writeMessage(5, writeSummary, values);
  return record(event.finish());
}

function writeSummary(values: Scalars["values"], summary: PbfWriter): void {
  for (const value of Object.entries(values)) summary.writeMessage(1, writeValue, value);
}

function writeValue([tag, value]: [string, number], message: PbfWriter): void {
  message.writeStringField(1, tag);
  message.writeFloatField(2, value);
}

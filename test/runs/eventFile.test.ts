import { expect, it } from "vitest";
import { eventFileRecord, eventFileStart } from "../../src/runs/eventFile.ts";

/** Reference: CRC-32C bit by bit, from its polynomial (RFC 3720, reflected 0x82f63b78). */
function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function unmask(masked: number): number {
  const rotated = (masked - 0xa282ead8) >>> 0;
  return ((rotated >>> 17) | (rotated << 15)) >>> 0;
}

/** Payloads of a TFRecord file. Checks the CRC of each length and payload. */
function records(bytes: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (let at = 0; at < bytes.length; ) {
    const length = Number(view.getBigUint64(at, true));
    expect(unmask(view.getUint32(at + 8, true))).toBe(crc32c(bytes.subarray(at, at + 8)));
    const data = bytes.subarray(at + 12, at + 12 + length);
    expect(unmask(view.getUint32(at + 12 + length, true))).toBe(crc32c(data));
    found.push(data);
    at += 16 + length;
  }
  return found;
}

/** Fields of a protobuf message as [number, value]. Values with a fixed or stated size are bytes. */
function fields(bytes: Uint8Array): [number, number | Uint8Array][] {
  const found: [number, number | Uint8Array][] = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    const type = key & 7;
    if (type === 0) found.push([key >> 3, varint()]);
    else {
      const length = type === 1 ? 8 : type === 5 ? 4 : varint();
      found.push([key >> 3, bytes.subarray(at, at + length)]);
      at += length;
    }
  }
  return found;
}

const field = (message: Uint8Array, number: number) =>
  fields(message)
    .filter(([key]) => key === number)
    .map(([, value]) => value as Uint8Array);
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const double = (bytes: Uint8Array) => new DataView(bytes.slice().buffer).getFloat64(0, true);
const float = (bytes: Uint8Array) => new DataView(bytes.slice().buffer).getFloat32(0, true);

it("the reference crc32c has the check value of the Castagnoli polynomial", () => {
  expect(crc32c(new TextEncoder().encode("123456789"))).toBe(0xe3069283);
});

it("begins with the file version", () => {
  const [event] = records(eventFileStart(1234.5));
  expect(double(field(event!, 1)[0]!)).toBe(1234.5);
  expect(text(field(event!, 3)[0]!)).toBe("brain.Event:2");
});

it("writes scalars with their tags, step and time, one record after the other", () => {
  const values = { "rollout/ep_rew_mean": 12.5, "train/loss": 0.1, "log/score": -1 };
  const file = Buffer.concat([
    eventFileStart(1),
    eventFileRecord({ step: 3_000_000_000, time: 2.25, values }),
    eventFileRecord({ step: 0, time: 3, values: {} }),
  ]);
  const [, first, second] = records(new Uint8Array(file));
  expect(double(field(first!, 1)[0]!)).toBe(2.25);
  expect(fields(first!).find(([key]) => key === 2)?.[1]).toBe(3_000_000_000);
  const summary = field(first!, 5)[0]!;
  const found = field(summary, 1).map((value) => [
    text(field(value, 1)[0]!),
    float(field(value, 2)[0]!),
  ]);
  const expected = Object.entries(values).map(([tag, value]) => [tag, Math.fround(value)]);
  expect(found).toEqual(expected);
  expect(double(field(second!, 1)[0]!)).toBe(3);
});

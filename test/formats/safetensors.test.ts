import { describe, expect, it } from "vitest";
import { RunError } from "../../src/errors.ts";
import { decodeTensors, encodeSafetensors } from "../../src/formats/safetensors.ts";

const file = {
  metadata: { format: "pt", env: "CartPole-v1" },
  tensors: [
    { name: "fc1.weight", shape: [2, 3], values: Float32Array.of(1, -2, 3.5, 0, -0, 1e-40) },
    { name: "fc1.bias", shape: [2], values: Float32Array.of(Infinity, Number.NaN) },
    { name: "scalar", shape: [], values: Float32Array.of(7) },
    { name: "empty", shape: [0, 4], values: new Float32Array(0) },
  ],
};

/** A file with this header, as text or as JSON, and a number of zero bytes as data. */
function craft(header: unknown, dataBytes = 8): Uint8Array {
  const text = typeof header === "string" ? header : JSON.stringify(header);
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(new TextEncoder().encode(text), 8);
  return bytes;
}

const entry = { dtype: "F32", shape: [2], data_offsets: [0, 8] };

describe("safetensors", () => {
  it("decodes to the same tensors in the same order, bit for bit", () => {
    const back = decodeTensors(encodeSafetensors(file), "file");
    const { wasm_dqn_crc32: checksum, ...metadata } = back.metadata;
    expect(checksum).toMatch(/^[0-9a-f]{8}$/);
    expect(metadata).toEqual(file.metadata);
    const order = back.tensors.map((tensor) => tensor.name).sort();
    expect(order).toEqual(["empty", "fc1.bias", "fc1.weight", "scalar"]);
    for (const tensor of file.tensors) {
      const found = back.tensors.find(({ name }) => name === tensor.name);
      expect(found?.shape).toEqual(tensor.shape);
      expect(new Uint32Array(found!.values.buffer)).toEqual(new Uint32Array(tensor.values.buffer));
    }
  });

  it("decodes a view into a larger buffer, such as Node's pooled buffers", () => {
    const bytes = encodeSafetensors(file);
    const pool = Buffer.alloc(bytes.length + 40);
    pool.set(bytes, 20);
    const back = decodeTensors(pool.subarray(20, 20 + bytes.length), "file");
    expect(back.tensors.find(({ name }) => name === "scalar")?.values).toEqual(Float32Array.of(7));
  });

  it("has the format's layout: little-endian header length, JSON padded to 8 bytes, the numbers", () => {
    const bytes = encodeSafetensors(file);
    const view = new DataView(bytes.buffer);
    const headerBytes = Number(view.getBigUint64(0, true));
    expect(headerBytes % 8).toBe(0);
    expect(bytes.length).toBe(8 + headerBytes + 4 * 9);
    const header: unknown = JSON.parse(
      new TextDecoder().decode(bytes.subarray(8, 8 + headerBytes)),
    );
    expect(header).toMatchObject({
      "fc1.weight": { dtype: "F32", shape: [2, 3], data_offsets: [0, 24] },
      "fc1.bias": { dtype: "F32", shape: [2], data_offsets: [24, 32] },
    });
    expect(view.getFloat32(8 + headerBytes + 4, true)).toBe(-2);
  });

  it("rejects a file truncated at any byte", () => {
    const bytes = encodeSafetensors(file);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeTensors(bytes.subarray(0, length), "file")).toThrow(RunError);
    }
  });

  it.each([
    [
      "a header longer than the file",
      craft(" ".repeat(8)).fill(255, 0, 7),
      /its header ends at byte \d+ of 24/,
    ],
    ["a header that is not JSON", craft("{fc1"), /its header is not a JSON object/],
    ["a header that is not text", craft("{}").fill(0xff, 8, 10), /its header is not a JSON/],
    ["a list as the header", craft("[]"), /its header is not a JSON object/],
    [
      "metadata with numbers",
      craft({ __metadata__: { a: 1 } }),
      /its header is not a JSON object with string metadata/,
    ],
    ["a number as an entry", craft({ a: 3 }), /a has the unknown type undefined/],
    ["an unknown type", craft({ a: { ...entry, dtype: "BF16" } }), /a has the unknown type "BF16"/],
    ["no shape", craft({ a: { ...entry, shape: "2" } }), /a has no valid shape and offsets/],
    [
      "a negative size",
      craft({ a: { ...entry, shape: [-2] } }),
      /a has no valid shape and offsets/,
    ],
    [
      "a fractional offset",
      craft({ a: { ...entry, data_offsets: [0.5, 8] } }),
      /a has no valid shape/,
    ],
    ["offsets past the end", craft({ a: entry }, 4), /its tensors have 8 bytes, the file has 4/],
    ["reversed offsets", craft({ a: { ...entry, data_offsets: [8, 0] } }), /a has -8 bytes/],
    [
      "a shape that does not fit the offsets",
      craft({ a: { ...entry, shape: [3] } }),
      /a has 8 bytes, expected 12/,
    ],
    ["overlapping tensors", craft({ a: entry, b: entry }), /b overlaps another tensor/],
    [
      "a gap between tensors",
      craft({ a: { ...entry, data_offsets: [4, 12] } }, 12),
      /a overlaps another tensor or leaves a gap/,
    ],
    ["trailing bytes", craft({ a: entry }, 12), /its tensors have 8 bytes, the file has 12/],
  ])("rejects %s", (_, bytes, message) => {
    expect(() => decodeTensors(bytes, "file")).toThrow(RunError);
    expect(() => decodeTensors(bytes, "file")).toThrow(message);
  });
});

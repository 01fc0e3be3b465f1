import fc from "fast-check";
import { expect } from "vitest";
import { decodeTensors, encodeSafetensors } from "../../src/formats/safetensors.ts";
import { fuzz, property } from "./fuzz.ts";

const file = encodeSafetensors({
  metadata: { format: "pt", note: "h\u00e9llo" },
  tensors: [
    { name: "a", shape: [3], values: Float64Array.of(1, -0, Number.NaN) },
    { name: "fc1.weight", shape: [2, 3], values: Float32Array.of(1, -2, 3.5, 0, -0, 1e-40) },
    { name: "words", shape: [2], values: Uint32Array.of(1, 2) },
    { name: "empty", shape: [0, 4], values: new Float32Array(0) },
    { name: "bytes", shape: [5], values: Uint8Array.of(1, 2, 3, 4, 5) },
  ],
});

/** Expects decoded tensors to fit their shapes, and to be equal after encoding them again. */
function readWhole(bytes: Uint8Array): void {
  const read = decodeTensors(bytes, "file");
  let held = 0;
  for (const { shape, values } of read.tensors) {
    // A size may be -0.
    expect(values.length).toBe(Math.abs(shape.reduce((product, size) => product * size, 1)));
    held += values.byteLength;
  }
  expect(held).toBeLessThan(bytes.length);
  const again = decodeTensors(encodeSafetensors(read), "again");
  expect(again.tensors).toHaveLength(read.tensors.length);
}

const read = (bytes: Uint8Array) => ({ size: bytes.length, read: () => readWhole(bytes) });

fuzz("decodes or rejects safetensors with damaged bytes", 900, (mutator) =>
  read(mutator.bytes(file)),
);
fuzz("decodes or rejects safetensors with a changed header", 900, (mutator) =>
  read(mutator.header(file)),
);

const size = fc.oneof(
  fc.nat(20),
  fc.constantFrom(2 ** 31, 2 ** 53 - 1, 2 ** 53, -1, 0.5, 1e308),
  fc.anything(),
);
const entry = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      dtype: fc.constantFrom("F32", "U8"),
      shape: fc.array(size),
      data_offsets: fc.array(size, { minLength: 2, maxLength: 2 }),
    }),
  },
  { weight: 1, arbitrary: fc.anything() },
);
const names = fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor", "__metadata__"));

property(
  "decodes or rejects safetensors with an arbitrary header",
  700,
  fc.record({ entries: fc.array(fc.tuple(names, entry), { maxLength: 6 }), bytes: fc.nat(64) }),
  ({ bytes, entries }) => {
    // Object.fromEntries makes __proto__ an ordinary key.
    const json = JSON.stringify(Object.fromEntries(entries), (_key, value: unknown) =>
      typeof value === "bigint" ? String(value) : value,
    );
    const header = new TextEncoder().encode(json ?? "");
    const whole = new Uint8Array(8 + header.length + bytes);
    new DataView(whole.buffer).setBigUint64(0, BigInt(header.length), true);
    whole.set(header, 8);
    readWhole(whole);
  },
);

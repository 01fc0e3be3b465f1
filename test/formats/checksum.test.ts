import { crc32 as zlibCrc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import { defaults } from "../../src/config/config.ts";
import { Training } from "../../src/dqn/training.ts";
import { RunError } from "../../src/errors.ts";
import {
  checkpointPieces,
  encodeCheckpoint,
  readCheckpoint,
  resumeTraining,
} from "../../src/formats/checkpoint.ts";
import { crc32 } from "../../src/formats/crc32.ts";
import { encodePolicy, openPolicy } from "../../src/formats/policy.ts";
import { decodeTensors, encodeSafetensors } from "../../src/formats/safetensors.ts";
import { RandomStream } from "../../src/numerics/random.ts";
import { withoutChecksum } from "./unsigned.ts";

const training = new Training({
  ...{ ...defaults, totalSteps: 90, hiddenSizes: [3], bufferSize: 40, batchSize: 4 },
  ...{ learningStarts: 8, nSteps: 3, prioritized: true },
});
training.advance(60);
const policy = encodePolicy(training);
const checkpoint = encodeCheckpoint(training, "solve", 1.5);
const random = new RandomStream(new Uint32Array(4)).seed(5);

it("CRC-32 equals zlib's for any length, address and pieces", () => {
  const bytes = Uint8Array.from({ length: 3 * 2 ** 20 }, () => random.nextBelow(256));
  for (const length of [0, 1, 7, 8, 9, 1_000, 2 ** 20 + 5, bytes.length - 3]) {
    const part = bytes.subarray(3, 3 + length);
    const cut = random.nextBelow(length + 1);
    expect(crc32(part) >>> 0).toBe(zlibCrc32(part));
    expect(crc32(part.subarray(cut), crc32(part.subarray(0, cut))) >>> 0).toBe(zlibCrc32(part));
  }
});

it("the checksum is the CRC-32 of the file with zeros in the checksum field", () => {
  const text = Buffer.from(policy).toString("latin1");
  const at = text.indexOf('"wasm_dqn_crc32":"') + 18;
  const zeroed = Buffer.from(policy).fill("0", at, at + 8);
  expect(text.slice(at, at + 8)).toBe(zlibCrc32(zeroed).toString(16).padStart(8, "0"));
});

describe.each([
  ["policy", policy, (bytes: Uint8Array) => openPolicy(bytes, "file")],
  ["checkpoint", checkpoint, (bytes: Uint8Array) => resumeTraining(readCheckpoint(bytes, "file"))],
] as const)("a %s", (_kind, original, open) => {
  const flipped = (place: number, bit: number) => {
    const bytes = original.slice();
    bytes[place]! ^= 1 << bit;
    return bytes;
  };

  it("is rejected with a flipped bit: 10,000 random bits", () => {
    open(original);
    for (let k = 0; k < 10_000; k++) {
      const place = random.nextBelow(original.length);
      const bit = random.nextBelow(8);
      expect(() => open(flipped(place, bit)), `byte ${place}, bit ${bit}`).toThrow(RunError);
    }
  });

  it("is rejected with a flipped bit in its metadata: every bit", () => {
    const end = Buffer.from(original).indexOf('"}') + 2;
    for (let place = 0; place < end; place++) {
      for (let bit = 0; bit < 8; bit++) {
        expect(() => open(flipped(place, bit)), `byte ${place}, bit ${bit}`).toThrow(RunError);
      }
    }
  });

  it("is rejected without a checksum", () => {
    expect(() => open(withoutChecksum(original))).toThrow(
      new RunError("file is damaged: it has no wasm_dqn_crc32."),
    );
  });
});

it("accepts a policy of version 1, written by another program, without a checksum", () => {
  const { metadata } = decodeTensors(policy, "file");
  const foreign = encodeSafetensors({
    metadata: { ...metadata, wasm_dqn_policy: "1" },
    tensors: decodeTensors(policy, "file").tensors,
  });
  expect(openPolicy(withoutChecksum(foreign), "file").weights).toEqual(
    openPolicy(policy, "file").weights,
  );
});

it("rejects a checkpoint of version 1", () => {
  const { metadata, tensors } = decodeTensors(checkpoint, "file");
  const old = { ...metadata, wasm_dqn_checkpoint: "1" };
  expect(() => readCheckpoint(encodeSafetensors({ metadata: old, tensors }), "file")).toThrow(
    new RunError("file has version 1, expected 2."),
  );
});

it.each([Number.NaN, Infinity, -Infinity])("rejects a policy that contains %s", (odd) => {
  const { metadata, tensors } = decodeTensors(policy, "file");
  tensors[1]!.values[2] = odd;
  expect(() => openPolicy(encodeSafetensors({ metadata, tensors }), "file")).toThrow(
    `file has ${odd} in ${tensors[1]!.name}: its run diverged.`,
  );
});

it("checkpointPieces yields the checkpoint's bytes in pieces smaller than the replay buffer", () => {
  const config = { ...defaults, bufferSize: 150_000, learningStarts: 1e9, totalSteps: 150_000 };
  const large = new Training(config);
  large.advance(150_000);
  const pieces = [...checkpointPieces(large, "solve", 2)];
  expect(Buffer.concat(pieces).equals(encodeCheckpoint(large, "solve", 2))).toBe(true);
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(150_000 * 4 * 11 * 0.5);
});

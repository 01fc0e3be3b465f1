import { expect } from "vitest";
import { readCheckpoint, resumeTraining } from "../../src/formats/checkpoint.ts";
import { openPolicy } from "../../src/formats/policy.ts";
import { decodeTensors } from "../../src/formats/safetensors.ts";
import { type Case, checkRefusal, fuzz } from "./fuzz.ts";
import type { Mutator } from "./mutator.ts";
import { structuralDamage } from "./structuralDamage.ts";
import { checkpoints, policies, type WrittenFile } from "./writtenFiles.ts";

/** Reads a file that the library has written. */
type Read = (bytes: Uint8Array, file: WrittenFile) => unknown;

const readPolicyFile: Read = (bytes) => openPolicy(bytes, "file");
const readCheckpointFile: Read = (bytes, { environment }) =>
  resumeTraining(readCheckpoint(bytes, "file"), {}, {}, environment);

/** @throws unless reading `bytes` is rejected with one sentence */
function expectRefusal(read: Read, bytes: Uint8Array, file: WrittenFile): void {
  let accepted = false;
  try {
    read(bytes, file);
    accepted = true;
  } catch (error) {
    checkRefusal(error);
  }
  expect(accepted, "the damaged file was accepted").toBe(false);
}

/** Describes the position of a byte in the file. */
function placeOf(bytes: Uint8Array, at: number): string {
  if (at < 8) return "the header's length";
  const headerBytes = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  if (at >= 8 + headerBytes) return "the tensors";
  const near = bytes.subarray(Math.max(8, at - 40), Math.min(8 + headerBytes, at + 20));
  return `the header, near ${new TextDecoder().decode(near)}`;
}

/** Flips one bit of a file. */
function flip(mutator: Mutator, read: Read, files: readonly WrittenFile[]): Case {
  const number = mutator.below(files.length);
  const file = files[number]!;
  const at = mutator.below(file.bytes.length);
  const bit = mutator.below(8);
  const bytes = file.bytes.slice();
  bytes[at]! ^= 1 << bit;
  return {
    size: bytes.length,
    shown: `file ${number}, byte ${at}, bit ${bit}, in ${placeOf(file.bytes, at)}`,
    read: () => expectRefusal(read, bytes, file),
  };
}

fuzz(
  "rejects policies with a flipped bit",
  100,
  (mutator) => flip(mutator, readPolicyFile, policies),
  "bit flips of policies",
);
fuzz(
  "rejects checkpoints with a flipped bit",
  100,
  (mutator) => flip(mutator, readCheckpointFile, checkpoints),
  "bit flips of checkpoints",
);

/** The contents of a file, independent of order and white space in its header. */
function contentsOf(bytes: Uint8Array): string {
  const { metadata, tensors } = decodeTensors(bytes, "file");
  const entries = tensors.map(({ name, shape, values }) => [
    name,
    [values.constructor.name, shape, Buffer.from(values.buffer).toString("base64")],
  ]);
  const sorted = (pairs: readonly (readonly unknown[])[]) =>
    [...pairs].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  return JSON.stringify([sorted(Object.entries(metadata)), sorted(entries)]);
}

/** Changes the structure of a file. It must be rejected or still have the same contents. */
function restructure(mutator: Mutator, read: Read, files: readonly WrittenFile[]): Case {
  const number = mutator.below(files.length);
  const file = files[number]!;
  const { bytes, how } = structuralDamage(mutator, file.bytes);
  return {
    size: bytes.length,
    shown: `file ${number}, ${how}`,
    read() {
      try {
        read(bytes, file);
      } catch (error) {
        checkRefusal(error);
        return;
      }
      expect(contentsOf(bytes), "the damaged file was accepted").toBe(contentsOf(file.bytes));
    },
  };
}

fuzz("rejects policies with a changed structure, unless the contents are equal", 300, (mutator) =>
  restructure(mutator, readPolicyFile, policies),
);
fuzz(
  "rejects checkpoints with a changed structure, unless the contents are equal",
  300,
  (mutator) => restructure(mutator, readCheckpointFile, checkpoints),
);

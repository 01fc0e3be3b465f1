import { expect } from "vitest";
import type { Training } from "../../src/dqn/training.ts";
import { encodeCheckpoint, readCheckpoint } from "../../src/formats/checkpoint.ts";
import type { Tensor } from "../../src/network/namedTensor.ts";

const bytesOf = ({ buffer, byteLength, byteOffset }: Tensor["values"]) =>
  Buffer.from(buffer, byteOffset, byteLength);

/** Whether two arrays are equal bit for bit. All NaN are equal, since their bits differ between engines. */
export function sameNumbers(a: Tensor["values"], b: Tensor["values"]): boolean {
  if (a.length !== b.length) return false;
  return bytesOf(a).equals(bytesOf(b)) || a.every((value, k) => Object.is(value, b[k]));
}

/**
 * Expects two checkpoint files to hold the same run, apart from the backend.
 * @throws the first difference
 */
export function expectSameCheckpoint(actual: Uint8Array, expected: Uint8Array): void {
  const [a, b] = [readCheckpoint(actual, "actual"), readCheckpoint(expected, "expected")];
  expect(a.counters).toEqual(b.counters);
  expect({ ...a.config, backend: null }).toEqual({ ...b.config, backend: null });
  expect([...a.tensors.keys()]).toEqual([...b.tensors.keys()]);
  for (const { name, values } of b.tensors.values()) {
    expect(sameNumbers(a.tensors.get(name)!.values, values), name).toBe(true);
  }
}

/** Expects two runs to be in the same state: weights, replay buffer, random streams, counters. */
export function expectSameRun(actual: Training, expected: Training): void {
  expectSameCheckpoint(encodeCheckpoint(actual), encodeCheckpoint(expected));
}

import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { openPolicy, weightsSha256 } from "../../src/formats/policy.ts";
import { decodeTensors, encodeSafetensors } from "../../src/formats/safetensors.ts";
import { encodePolicy, train } from "../../src/index.ts";

const training = await train({ totalSteps: 50, hiddenSizes: [5, 3], activation: "relu" });
const bytes = encodePolicy(training);
const { metadata, tensors } = decodeTensors(bytes, "policy");

it("weightsSha256 hashes the bytes, with all NaN equal", async () => {
  const tensors = (...words: number[]) => {
    const values = new Float32Array(Uint32Array.from(words).buffer);
    return [{ name: "fc1.bias", shape: [values.length], values }];
  };
  const sumOf = (...words: number[]) =>
    createHash("sha256")
      .update(new Uint8Array(Uint32Array.from(words).buffer))
      .digest("hex");
  const finite = [0x3f800000, 0x80000000, 0x00000001, 0xff800000];
  expect(await weightsSha256(tensors(...finite))).toBe(sumOf(...finite));
  for (const nan of [0x7fc00000, 0xffc00000, 0x7fc12345, 0x7f800001, 0xffffffff]) {
    expect(await weightsSha256(tensors(0x40000000, nan))).toBe(sumOf(0x40000000, 0x7fc00000));
  }
});

it("weightsSha256 agrees with Node's SHA-256 for every length of the last block", async () => {
  for (let length = 0; length <= 40; length++) {
    const values = Float32Array.from({ length }, (_, k) => Math.sqrt(k + length));
    const expected = createHash("sha256").update(new Uint8Array(values.buffer)).digest("hex");
    expect(await weightsSha256([{ name: "fc1.bias", shape: [length], values }])).toBe(expected);
  }
});

describe("a policy file", () => {
  it("contains tensors with PyTorch's names and shapes, and the metadata needed to play", () => {
    expect(tensors.map(({ name, shape }) => [name, shape])).toEqual([
      ["fc1.weight", [5, 4]],
      ["fc1.bias", [5]],
      ["fc2.weight", [3, 5]],
      ["fc2.bias", [3]],
      ["fc3.weight", [2, 3]],
      ["fc3.bias", [2]],
    ]);
    expect(metadata).toEqual({
      format: "pt",
      wasm_dqn_policy: "2",
      wasm_dqn_crc32: expect.stringMatching(/^[0-9a-f]{8}$/),
      env: "CartPole-v1",
      backend: "wasm",
      environment:
        '{"id":"CartPole-v1","observationSize":4,"actionCount":2,"actionNames":["push left","push right"]}',
      layers: "[4,5,3,2]",
      activation: "relu",
      output_activation: "identity",
      normalize_observations: "false",
      batch_norm: "false",
      dueling: "false",
      wrappers: "{}",
    });
  });

  it("chooses the same actions as the run", () => {
    const { network } = openPolicy(bytes, "policy");
    for (let k = 0; k < 50; k++) {
      const observation = [Math.cos(k), Math.sin(3 * k), Math.cos(5 * k) / 5, Math.sin(7 * k)];
      network.observation.set(observation);
      training.agent.policy.observation.set(observation);
      expect(network.greedyAction()).toBe(training.agent.policy.greedyAction());
      expect(network.qValues).toEqual(training.agent.policy.qValues);
    }
  });

  it.each([
    ["of another version", { wasm_dqn_policy: "3" }, /has version 3, expected 2/],
    ["without layers", { layers: "" }, /^In policy: layers must be a list/],
    ["with a layer of 0", { layers: "[4,0,2]" }, /whole numbers from 1, got \[4,0,2\]/],
    ["with fractional layers", { layers: "[4,1.5,2]" }, /whole numbers from 1, got \[4,1.5,2\]/],
    ["of an unknown activation", { activation: "sine" }, /^In policy: activation must be one of/],
    ["of an unknown backend", { backend: "gpu" }, /^backend in policy must be one of/],
    [
      "of an unknown environment",
      { environment: '{"id":"Pong-v5","observationSize":4,"actionCount":2}' },
      /trained in "Pong-v5"/,
    ],
    [
      "with other layers than its tensors",
      { layers: "[4,5,2]" },
      /must hold the float32 tensors fc1.weight \[5,4\], fc1.bias \[5\]/,
    ],
    [
      "with layers too large for memory",
      { layers: "[4,1000000,1000000,2]" },
      /must hold the float32/,
    ],
  ])("%s is rejected", (_, change, message) => {
    const changed = encodeSafetensors({ metadata: { ...metadata, ...change }, tensors });
    expect(() => openPolicy(changed, "policy")).toThrow(message);
  });
});

it("weightsSha256 hashes little-endian float32, tensor after tensor", async () => {
  const a = { name: "a", shape: [2], values: Float32Array.of(1, 2) };
  const b = { name: "b", shape: [1], values: Float32Array.of(-3) };
  // printf '\0\0\200\077\0\0\0\100\0\0\100\300' | sha256sum
  expect(await weightsSha256([a, b])).toBe(
    "17872696b82c5c83b762a6c9c64adc526721b6057b76810da01b99082ec4237f",
  );
});

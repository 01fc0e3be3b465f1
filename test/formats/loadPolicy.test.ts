import { describe, expect, it } from "vitest";
import { defaults } from "../../src/config/config.ts";
import { environmentSpec } from "../../src/environments/registry.ts";
import * as source from "../../src/formats/loadPolicy.ts";
import { encodePolicy } from "../../src/formats/policy.ts";
import { decodeTensors, encodeSafetensors } from "../../src/formats/safetensors.ts";
import { createCore } from "../../src/kernels/core.ts";
import { ActingNetwork } from "../../src/network/actingNetwork.ts";
import { tensorsOf } from "../../src/network/namedTensor.ts";
import type { Activation, NetworkShape } from "../../src/network/networkShape.ts";
import { planPolicy } from "../../src/network/policyPlan.ts";
import { RandomStream } from "../../src/numerics/random.ts";

const built = async (name: string): Promise<Pick<typeof source, "loadPolicy">> =>
  import(new URL(`../../build/browser/${name}.js`, import.meta.url).href);

/** The module from its sources, and as the package has it: with only the kernels of a forward pass, and in `policy` without grids. */
const builds: Readonly<Record<string, Pick<typeof source, "loadPolicy">>> = {
  "src/formats/loadPolicy.ts": source,
  "build/browser/policy.js": await built("policy"),
  "build/browser/grid-policy.js": await built("grid-policy"),
};

const random = new RandomStream(new Uint32Array(4)).seed(16);
const activations: readonly Activation[] = ["relu", "tanh", "identity"];

function randomShape(): NetworkShape {
  const dueling = random.next() < 0.5;
  const observationShape = [
    3 + random.nextBelow(3),
    3 + random.nextBelow(3),
    1 + random.nextBelow(3),
  ];
  const convolutions = random.nextBelow(3);
  const size = observationShape.reduce((product, length) => product * length, 1);
  return {
    observationSize: convolutions > 0 ? size : 1 + random.nextBelow(12),
    observationShape,
    convFilters: Array.from({ length: convolutions }, () => 1 + random.nextBelow(5)),
    kernelSize: 1 + random.nextBelow(3),
    stride: convolutions === 1 ? 1 + random.nextBelow(3) : 1,
    padding: "same",
    actionCount: 1 + random.nextBelow(6),
    hiddenSizes: Array.from({ length: random.nextBelow(4) }, () => 1 + random.nextBelow(20)),
    activation: activations[random.nextBelow(3)]!,
    outputActivation: dueling ? "identity" : activations[random.nextBelow(3)]!,
    normalizeObservations: random.next() < 0.5,
    batchNorm: random.next() < 0.5,
    layerNorm: random.next() < 0.5,
    dueling,
  };
}

/** A training network with random weights, and its policy file. */
function randomPolicy(shape: NetworkShape, backend: "js" | "wasm") {
  const plan = planPolicy(shape, 0);
  const core = createCore(backend, plan.bytes);
  const tensors = tensorsOf(core.buffer, plan.parameters, plan.online);
  for (const { name, values } of tensors) {
    for (let k = 0; k < values.length; k++) values[k] = 2 * random.next() - 1;
    if (name.endsWith("running_var")) for (let k = 0; k < values.length; k++) values[k]! += 1.1;
  }
  const { actionCount, observationSize } = shape;
  const spec = { ...environmentSpec("CartPole-v1"), id: "Own", observationSize, actionCount };
  const bytes = encodePolicy({
    changed: new Set(),
    config: { ...defaults },
    shape,
    spec: { ...spec, actionNames: undefined },
    ...{ agent: { updates: 0 }, dependsOn: "", steps: 0 },
    weights: () => tensors,
  });
  return { bytes, network: new ActingNetwork(core, plan.acting) };
}

const plain: NetworkShape = {
  ...{ observationSize: 3, actionCount: 2, hiddenSizes: [4], activation: "relu" },
  ...{ outputActivation: "identity", normalizeObservations: false },
  ...{ batchNorm: false, layerNorm: false, dueling: false },
  ...{ convFilters: [], kernelSize: 3, stride: 1, padding: "valid" },
};

describe.each(Object.entries(builds))("loadPolicy of %s", (name, { loadPolicy }) => {
  it("returns the actions and Q-values of the training network, to the bit", () => {
    const seen = new Set<string>();
    for (let round = 0; round < 200; round++) {
      const shape = randomShape();
      const { bytes, network } = randomPolicy(shape, round % 2 === 0 ? "wasm" : "js");
      if (name === "build/browser/policy.js" && (shape.layerNorm || shape.convFilters.length > 0)) {
        expect(() => loadPolicy(bytes)).toThrow("This policy needs wasm-dqn/grid-policy.");
        continue;
      }
      const policy = loadPolicy(bytes);
      for (let step = 0; step < 5; step++) {
        for (let k = 0; k < shape.observationSize; k++) {
          network.observation[k] = 40 * random.next() - 20;
        }
        const mask = Array.from({ length: shape.actionCount }, () => random.nextBelow(2));
        mask[random.nextBelow(shape.actionCount)] = 1;
        const legal = step % 2 === 0 ? null : mask;
        const action = network.greedyAction(legal);
        expect(policy.act([...network.observation], { legal }), JSON.stringify(shape)).toBe(action);
        expect(policy.qValues).toEqual(network.qValues);
        expect(legal === null || legal[action] === 1).toBe(true);
      }
      for (const key of ["dueling", "batchNorm", "normalizeObservations"] as const) {
        if (shape[key]) seen.add(key);
      }
      seen.add(shape.activation);
    }
    expect([...seen].toSorted()).toEqual(
      ["batchNorm", "dueling", "identity", "normalizeObservations", "relu", "tanh"].toSorted(),
    );
  });

  it("tells the environment and the sizes", () => {
    const { bytes } = randomPolicy(plain, "js");
    const { environment, observationSize, qValues } = loadPolicy(bytes);
    expect(environment).toEqual({ id: "Own", observationSize: 3, actionCount: 2 });
    expect([observationSize, qValues.length]).toEqual([3, 2]);
  });

  it("refuses damaged files with one sentence that names the file", () => {
    const { bytes } = randomPolicy(plain, "js");
    const changed = bytes.slice();
    changed[changed.length - 2]! ^= 1;
    const files: readonly (readonly [Uint8Array, RegExp])[] = [
      [bytes.subarray(0, 50), /^RunError: bot.bin is not a readable safetensors file: [^.]*\.$/],
      [changed, /^RunError: bot.bin is not a readable safetensors file: its checksum is [^.]*\.$/],
      ["text" as unknown as Uint8Array, /^UsageError: bot.bin must be the file's bytes as a Uint8/],
    ];
    for (const [file, message] of files) {
      expect(refusal(() => loadPolicy(file, "bot.bin"))).toMatch(message);
    }
  });

  it.each([
    ["of another version", { wasm_dqn_policy: "3" }, "has version 3, expected 2."],
    ["of another kind", { wasm_dqn_policy: undefined }, "is not a policy of wasm-dqn."],
    ["without an identity", { environment: "[]" }, "must have an id and sizes, got []."],
    ["of other layers", { layers: "[3,9,2]" }, "must hold the float32 tensors fc1.weight [9,3], "],
    [
      "of an unknown activation",
      { activation: "sine" },
      'In policy: activation must be one of relu, tanh, identity, got "sine".',
    ],
  ])("refuses a file %s", (_, changes, message) => {
    const { metadata, tensors } = decodeTensors(randomPolicy(plain, "js").bytes, "policy");
    const file = encodeSafetensors({ metadata: { ...metadata, ...changes } as never, tensors });
    expect(refusal(() => loadPolicy(file))).toContain(message);
  });

  it("refuses weights that are not finite", () => {
    const { metadata, tensors } = decodeTensors(randomPolicy(plain, "js").bytes, "policy");
    tensors.at(-1)!.values[1] = Number.NaN;
    expect(refusal(() => loadPolicy(encodeSafetensors({ metadata, tensors })))).toBe(
      "RunError: policy has NaN in fc2.bias: its run diverged.",
    );
  });

  it("refuses wrong observations and masks with one sentence", () => {
    const policy = loadPolicy(randomPolicy(plain, "js").bytes);
    const act = policy.act.bind(policy) as (observation: unknown, options?: object) => number;
    expect(refusal(() => act([1, 2]))).toBe(
      "UsageError: observation must be 3 numbers, got [1,2].",
    );
    expect(refusal(() => act(undefined))).toMatch(
      /observation must be 3 numbers, got undefined\.$/,
    );
    expect(refusal(() => act([0, NaN, 0]))).toMatch(/observation\[1\] must be finite, got NaN\.$/);
    expect(refusal(() => act([0, 1e39, 0]))).toMatch(/observation\[1\] must be finite, got 1e\+39/);
    expect(refusal(() => act([0, 0, 0], { legal: [1] }))).toMatch(
      /legal must be 2 values, got \[1\]/,
    );
    expect(refusal(() => act([0, 0, 0], [1, 0]))).toMatch(/legal must be 2 values, got null/);
    expect(refusal(() => act([0, 0, 0], { legal: [0, 0] }))).toMatch(
      /legal must be a mask with a le/,
    );
  });
});

/** Name and message of the error that `action` throws. */
function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return String(error);
  }
  return "no error";
}

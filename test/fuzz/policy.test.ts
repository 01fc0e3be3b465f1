import fc from "fast-check";
import { expect } from "vitest";
import { encodeOnnx } from "../../src/policy/onnx.ts";
import { encodePolicy, openPolicy, readPolicy } from "../../src/policy/policy.ts";
import { decodeSafetensors, encodeSafetensors } from "../../src/policy/safetensors.ts";
import { type Config, defaults } from "../../src/training/config.ts";
import { Training } from "../../src/training/training.ts";
import { fuzz, property } from "./fuzz.ts";

function policyOf(changes: Partial<Config>): Uint8Array {
  const training = new Training({ ...defaults, bufferSize: 64, hiddenSizes: [3], ...changes });
  return encodePolicy(training);
}

const files = [
  policyOf({}),
  policyOf({ batchNorm: true, dueling: true, frameStack: 2, env: "CartPole-v0", forceNoise: 1 }),
  policyOf({ env: "Acrobot-v1", hiddenSizes: [], maxEpisodeSteps: 0, observationNoise: 0.1 }),
  policyOf({ env: "MountainCar-v0", hiddenSizes: [2, 2], activation: "tanh" }),
];

/** What could be opened can be played with and exported, or else is no policy. */
function openWhole(bytes: Uint8Array): void {
  const { description, environment, network, spec } = openPolicy(bytes, "file");
  expect(network.observation.length).toBe(spec.observationSize);
  let observation = environment.reset({ seed: 1 });
  for (let step = 0; step < 10; step++) {
    network.observation.set(observation);
    const action = network.greedyAction();
    expect(action).toBeGreaterThanOrEqual(0);
    expect(action).toBeLessThan(spec.actionCount);
    const result = environment.step(action);
    if (result.terminated || result.truncated) break;
    observation = result.observation;
  }
  expect(encodeOnnx(description.shape, readPolicy(bytes, "file").tensors).length).toBeGreaterThan(
    0,
  );
}

const open = (bytes: Uint8Array) => ({ size: bytes.length, read: () => openWhole(bytes) });

fuzz("policies, damaged bytes", 400, (mutator) => open(mutator.bytes(mutator.pick(files))));
fuzz("policies, a changed header", 600, (mutator) => open(mutator.header(mutator.pick(files))));

const { metadata, tensors } = decodeSafetensors(files[0]!, "file");
const layers = fc
  .array(fc.oneof(fc.integer({ min: -1, max: 6 }), fc.constantFrom(2 ** 31, 2 ** 53 - 1, 0.5)))
  .map((sizes) => JSON.stringify(sizes));
const keys = Object.keys(metadata);

property(
  "policies, any metadata",
  300,
  fc.dictionary(
    fc.oneof(fc.constantFrom(...keys, "__proto__"), fc.string()),
    fc.oneof(layers, fc.json(), fc.string(), fc.constantFrom("true", "relu", "tanh", "{}")),
  ),
  (changes) => openWhole(encodeSafetensors({ metadata: { ...metadata, ...changes }, tensors })),
);

import fc from "fast-check";
import { expect } from "vitest";
import { parseConfig } from "../../src/config/config.ts";
import { encodeOnnx } from "../../src/formats/onnx.ts";
import { openPolicy, readPolicy } from "../../src/formats/policy.ts";
import { readOrigin } from "../../src/formats/policyOrigin.ts";
import { decodeTensors, encodeSafetensors } from "../../src/formats/safetensors.ts";
import { fuzz, property } from "./fuzz.ts";
import { policies } from "./writtenFiles.ts";

/** Opens a policy, plays with it, exports it and reads the run that it comes from. */
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
  const { config, steps } = readOrigin(bytes, "file");
  expect(parseConfig(config)).toEqual(config);
  expect(Number.isSafeInteger(steps)).toBe(true);
}

const open = (bytes: Uint8Array) => ({ size: bytes.length, read: () => openWhole(bytes) });

fuzz("plays or rejects policies with damaged bytes", 400, (mutator) =>
  open(mutator.bytes(mutator.pick(policies).bytes)),
);
fuzz("plays or rejects policies with a changed header", 600, (mutator) =>
  open(mutator.header(mutator.pick(policies).bytes)),
);

const { metadata, tensors } = decodeTensors(policies[0]!.bytes, "file");
const layers = fc
  .array(fc.oneof(fc.integer({ min: -1, max: 6 }), fc.constantFrom(2 ** 31, 2 ** 53 - 1, 0.5)))
  .map((sizes) => JSON.stringify(sizes));
const keys = Object.keys(metadata);

property(
  "plays or rejects policies with arbitrary metadata",
  300,
  fc.dictionary(
    fc.oneof(fc.constantFrom(...keys, "__proto__"), fc.string()),
    fc.oneof(layers, fc.json(), fc.string(), fc.constantFrom("true", "relu", "tanh", "{}")),
  ),
  (changes) => openWhole(encodeSafetensors({ metadata: { ...metadata, ...changes }, tensors })),
);

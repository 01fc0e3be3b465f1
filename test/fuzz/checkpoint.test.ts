import fc from "fast-check";
import { expect } from "vitest";
import {
  type Checkpoint,
  encodeCheckpoint,
  readCheckpoint,
  resumeTraining,
} from "../../src/formats/checkpoint.ts";
import { decodeTensors, encodeSafetensors } from "../../src/formats/safetensors.ts";
import type { Tensor } from "../../src/network/namedTensor.ts";
import { fuzz, property } from "./fuzz.ts";
import { checkpoints, type WrittenFile } from "./writtenFiles.ts";

/** Whether two arrays hold the same bytes. Thousands of times as fast as toEqual. */
function sameBytes(a: Tensor["values"] | undefined, b: Tensor["values"]): boolean {
  const bytes = ({ buffer, byteLength, byteOffset }: Tensor["values"]) =>
    Buffer.from(buffer, byteOffset, byteLength);
  return a !== undefined && bytes(a).equals(bytes(b));
}

/** Resumes a checkpoint that could be read. */
function resumeAndTrain({ bytes, environment }: WrittenFile): void {
  const original = bytes.slice();
  const checkpoint = readCheckpoint(bytes, "file");
  const training = resumeTraining(checkpoint, {}, {}, environment);
  // Saving it again gives the same contents, except for an environment without getState, whose episode restarts.
  const again = readCheckpoint(encodeCheckpoint(training), "again");
  if (environment === undefined) {
    const said = ({ counters }: Checkpoint) => JSON.stringify({ ...counters, finished: null });
    expect(said(again)).toEqual(said(checkpoint));
    for (const { name, values } of checkpoint.tensors.values()) {
      expect(sameBytes(again.tensors.get(name)?.values, values), name).toBe(true);
    }
  }
  // Configurations that need much work are not trained.
  const { evalEpisodes, gradientSteps, greedyEpisodes } = training.config;
  const work = training.plan.bytes * gradientSteps * Math.max(evalEpisodes, greedyEpisodes);
  if (work < 2 ** 27) training.advance(12);
  expect(sameBytes(bytes, original)).toBe(true);
}

const resume = (file: WrittenFile, bytes: Uint8Array) => ({
  size: bytes.length,
  read: () => resumeAndTrain({ ...file, bytes }),
});

fuzz("resumes or rejects checkpoints with damaged bytes", 500, (mutator) => {
  const file = mutator.pick(checkpoints);
  return resume(file, mutator.bytes(file.bytes));
});

fuzz("resumes or rejects checkpoints with a changed header", 400, (mutator) => {
  const file = mutator.pick(checkpoints);
  return resume(file, mutator.header(file.bytes));
});

/** Replacement values for keys of the configuration, most of them valid. */
const oddValues = [
  ...[0, 1, 2, 3, 8, 64, 999, 1e4, 1e6, 1e7, 3e7, 1e9, 2 ** 53 - 1, 1e300, 0.5, 0.999, 1e-300, -1],
  ...[true, false, null, "none", "relu", "tanh", "wasm", "js", "sgd", "mse", "episode", "update"],
  ...[
    "CartPole-v1",
    "Acrobot-v1",
    "MountainCar-v0",
    "../x.js",
    "__proto__",
    [],
    [1],
    [3, 3],
    [1e7],
  ],
];

fuzz("resumes or rejects checkpoints with a changed configuration", 600, (mutator) => {
  const file = mutator.pick(checkpoints);
  const { metadata, tensors } = decodeTensors(file.bytes, "file");
  const config = JSON.parse(metadata.config ?? "") as Record<string, unknown>;
  for (let left = mutator.below(3); left >= 0; left--) {
    config[mutator.pick(Object.keys(config))] = mutator.pick(oddValues);
  }
  const text = JSON.stringify(config);
  const changed = mutator.below(5) === 0 ? mutator.text(text) : text;
  const bytes = encodeSafetensors({ metadata: { ...metadata, config: changed }, tensors });
  return { ...resume(file, bytes), shown: changed };
});

/** Changes numbers in a random tensor, which checks of sizes do not notice. */
fuzz("resumes or rejects checkpoints with changed numbers", 400, (mutator) => {
  const file = mutator.pick(checkpoints);
  const { metadata, tensors } = decodeTensors(file.bytes, "file");
  const chosen = mutator.pick(tensors);
  const odd = [0, -1, 1.5, 7, 1e9, 1e30, 1e300, Infinity, Number.NaN, 2 ** 32 - 1];
  const values = chosen.values.slice();
  for (let left = mutator.below(6); left >= 0; left--) {
    values[mutator.below(values.length || 1)] = mutator.pick(odd);
  }
  if (mutator.below(4) === 0) values.fill(mutator.pick(odd));
  const changed = tensors.map(
    (tensor): Tensor => (tensor === chosen ? { ...tensor, values } : tensor),
  );
  return resume(file, encodeSafetensors({ metadata, tensors: changed }));
});

const { metadata, tensors } = decodeTensors(checkpoints[1]!.bytes, "file");
const counters = JSON.parse(metadata.counters ?? "") as Record<string, unknown>;
const odd = fc.oneof(
  fc.constantFrom(-1, 0, 1, 39, 40, 41, 0.5, 1e15, 1e308, 2 ** 53, null, "1", true),
  fc.double(),
  fc.jsonValue(),
);

property(
  "resumes or rejects checkpoints with arbitrary counters",
  400,
  fc.dictionary(fc.constantFrom(...Object.keys(counters), "__proto__"), odd, { maxKeys: 4 }),
  (changes) => {
    const text = JSON.stringify({ ...counters, ...changes });
    resumeAndTrain({
      bytes: encodeSafetensors({ metadata: { ...metadata, counters: text }, tensors }),
    });
  },
);

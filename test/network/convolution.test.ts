import { describe, expect, it } from "vitest";
import { programLines } from "../../src/cli/programText.ts";
import { nameRegions } from "../../src/cli/regionNames.ts";
import { type Config, defaults } from "../../src/config/config.ts";
import { planRun } from "../../src/dqn/runPlan.ts";
import { Training } from "../../src/dqn/training.ts";
import { RunError, UsageError } from "../../src/errors.ts";
import { encodeCheckpoint, readCheckpoint, resumeTraining } from "../../src/formats/checkpoint.ts";
import { loadPolicy } from "../../src/formats/loadPolicy.ts";
import { encodePolicy, openPolicy } from "../../src/formats/policy.ts";
import { decodeTensors, encodeSafetensors } from "../../src/formats/safetensors.ts";
import type { Backend } from "../../src/kernels/kernels.ts";
import { Grids } from "../environments/grids.ts";

const base: Config = {
  ...{ ...defaults, env: "Grids", convFilters: [4, 3], kernelSize: 2, hiddenSizes: [6] },
  ...{ layerNorm: true, batchSize: 8, learningStarts: 20, totalSteps: 60 },
};

function trained(changes: Partial<Config> = {}, steps = 60): Training {
  const training = new Training({ ...base, ...changes }, {}, Grids);
  training.advance(steps);
  return training;
}

const weights = (training: Training) => training.weights().flatMap(({ values }) => [...values]);

describe("a run with convolutions", () => {
  it.each<Partial<Config>>([
    {},
    { convFilters: [5], padding: "same", stride: 2, kernelSize: 3, layerNorm: false },
    { normalizeObservations: true, dueling: true, prioritized: true },
    { numEnvs: 3, activation: "tanh", updatePerTransition: true },
  ])("has the same weights on both backends: %j", (changes) => {
    const [wasm, js] = (["wasm", "js"] satisfies Backend[]).map((backend) =>
      weights(trained({ ...changes, backend })),
    );
    expect(wasm).toEqual(js);
    expect(wasm).not.toEqual(weights(trained(changes, 10)));
  });

  it("resumes to the same weights", () => {
    const file = encodeCheckpoint(trained({}, 33));
    const resumed = resumeTraining(readCheckpoint(file), {}, {}, Grids);
    resumed.advance(60);
    expect(weights(resumed)).toEqual(weights(trained()));
  });

  it("saves a policy with PyTorch's names and shapes, which acts as the run does", () => {
    const training = trained();
    const file = encodePolicy(training);
    const { metadata, tensors } = decodeTensors(file, "policy");
    expect(metadata).toMatchObject({ layers: "[60,6,3]", layer_norm: "true" });
    expect(JSON.parse(metadata.convolution!)).toEqual({
      ...{ convFilters: [4, 3], kernelSize: 2, stride: 1, padding: "valid" },
      observationShape: [5, 4, 3],
    });
    expect(tensors.map(({ name, shape }) => [name, shape])).toEqual([
      ...[
        ["conv1.weight", [4, 3, 2, 2]],
        ["conv1.bias", [4]],
      ],
      ...[
        ["ln1.weight", [4, 4, 3]],
        ["ln1.bias", [4, 4, 3]],
      ],
      ...[
        ["conv2.weight", [3, 4, 2, 2]],
        ["conv2.bias", [3]],
      ],
      ...[
        ["ln2.weight", [3, 3, 2]],
        ["ln2.bias", [3, 3, 2]],
      ],
      ...[
        ["fc1.weight", [6, 18]],
        ["fc1.bias", [6]],
        ["ln3.weight", [6]],
        ["ln3.bias", [6]],
      ],
      ...[
        ["fc2.weight", [3, 6]],
        ["fc2.bias", [3]],
      ],
    ]);
    const opened = openPolicy(file, "policy", { env: Grids });
    const small = loadPolicy(file);
    const { policy } = training.agent;
    const grids = new Grids();
    for (let k = 0; k < 5; k++) {
      const observation = grids.reset();
      policy.observation.set(observation);
      opened.network.observation.set(observation);
      expect([policy.greedyAction(), opened.network.greedyAction()]).toEqual(
        Array(2).fill(small.act(observation)),
      );
      expect(opened.network.qValues).toEqual(policy.qValues);
      expect(small.qValues).toEqual(policy.qValues);
    }
  });

  it("has a name for every array in explain", () => {
    const { plan } = planRun(base, Grids);
    const names = nameRegions(plan);
    const lines = [plan.scratch.acting.forwards[0]!.forward, plan.update].flatMap((program) =>
      programLines(program, names),
    );
    expect(lines[0]).toBe(
      "1 convForwardOne: conv1.output (48) <- observation (60), online.conv1.weight (4, 3, 2, 2), online.conv1.bias (4), conv1.rows (144)",
    );
    expect(lines.join("\n")).not.toMatch(/byte \d|undefined|NaN/);
  });

  it("leaves policies without convolutions and layer normalisation as they were", () => {
    const training = new Training({ ...defaults, totalSteps: 10 });
    const { metadata } = decodeTensors(encodePolicy(training), "policy");
    expect(Object.keys(metadata)).not.toContain("convolution");
    expect(Object.keys(metadata)).not.toContain("layer_norm");
  });
});

describe("before anything is allocated, refuses", () => {
  const plan = (changes: Partial<Config>, shape?: readonly number[]) => () => {
    class Other extends Grids {
      override readonly observationShape = shape!;
    }
    return planRun({ ...base, ...changes }, Other);
  };
  const noGrid =
    /^convFilters must be empty unless observations have the shape rows, columns, channels, got \[4,3\]\.$/;

  it.each<[string, () => unknown, RegExp]>([
    ["convolutions without a shape", plan({}), noGrid],
    ["convolutions of rows and columns only", plan({}, [10, 6]), noGrid],
    [
      "a kernel larger than the grid",
      plan({ kernelSize: 5 }, [5, 4, 3]),
      /^kernelSize must be at most the grid's size, 4, got 5\.$/,
    ],
    [
      "a kernel larger than the grid of the second convolution",
      plan({ kernelSize: 3 }, [5, 4, 3]),
      /^kernelSize must be at most the grid's size, 2, got 3\.$/,
    ],
    [
      "convolutions of a built-in environment without grids",
      () => planRun({ ...base, env: "CartPole-v1" }),
      noGrid,
    ],
  ])("%s", (_name, action, sentence) => {
    expect(action).toThrow(UsageError);
    expect(action).toThrow(sentence);
  });

  it.each<[string, string]>([
    ["a number as its filters", '{"convFilters":3}'],
    ["a stride of 0", '{"convFilters":[4,3],"kernelSize":2,"stride":0,"observationShape":[5,4,3]}'],
    ["a fraction of a row", '{"convFilters":[4,3],"kernelSize":2,"observationShape":[5.5,4,3]}'],
    ["another grid", '{"convFilters":[4,3],"kernelSize":2,"observationShape":[5,4,4]}'],
    [
      "a kernel that is too large",
      '{"convFilters":[4,3],"kernelSize":9,"observationShape":[5,4,3]}',
    ],
    ["no grid", '{"convFilters":[4,3],"kernelSize":2}'],
  ])("a policy file with %s", (_name, convolution) => {
    const { metadata, tensors } = decodeTensors(encodePolicy(trained({}, 1)), "policy");
    const file = encodeSafetensors({ metadata: { ...metadata, convolution }, tensors });
    expect(() => loadPolicy(file, "grid.policy")).toThrow(RunError);
    expect(() => loadPolicy(file, "grid.policy")).toThrow(/^In grid\.policy: .* must be /);
  });
});

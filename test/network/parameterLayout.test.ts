import { describe, expect, it } from "vitest";
import { defaults } from "../../src/config/config.ts";
import { layOutParameters } from "../../src/network/parameterLayout.ts";

const shape = { ...defaults, observationSize: 4, actionCount: 2, hiddenSizes: [5] };
const bound = 1 / Math.sqrt(5);

describe("parameters", () => {
  it("have PyTorch's names, shapes and initial values, with the running statistics at the end", () => {
    const { layers, trainable, length, tensors } = layOutParameters({ ...shape, batchNorm: true });
    expect(tensors).toEqual([
      { name: "fc1.weight", offset: 0, length: 20, shape: [5, 4], initial: { bound: 0.5 } },
      { name: "fc1.bias", offset: 80, length: 5, shape: [5], initial: { bound: 0.5 } },
      { name: "bn1.weight", offset: 112, length: 5, shape: [5], initial: { value: 1 } },
      { name: "bn1.bias", offset: 144, length: 5, shape: [5], initial: { value: 0 } },
      { name: "bn1.running_mean", offset: 240, length: 5, shape: [5], initial: { value: 0 } },
      { name: "bn1.running_var", offset: 272, length: 5, shape: [5], initial: { value: 1 } },
      { name: "fc2.weight", offset: 176, length: 10, shape: [2, 5], initial: { bound } },
      { name: "fc2.bias", offset: 224, length: 2, shape: [2], initial: { bound } },
    ]);
    expect({ trainable, length }).toEqual({ trainable: 60, length: 76 });
    expect(layers.map(({ layer, offsets }) => [layer.name, offsets])).toEqual([
      ["fc1", { weight: 0, bias: 80 }],
      ["bn1", { weight: 112, bias: 144, running_mean: 240, running_var: 272 }],
      ["fc2", { weight: 176, bias: 224 }],
    ]);
  });

  it("of a dueling head have the value's row before the advantages' rows", () => {
    const { layers, tensors } = layOutParameters({ ...shape, dueling: true });
    expect(tensors.slice(2)).toEqual([
      { name: "value.weight", offset: 112, length: 5, shape: [1, 5], initial: { bound } },
      { name: "value.bias", offset: 176, length: 1, shape: [1], initial: { bound } },
      { name: "advantage.weight", offset: 132, length: 10, shape: [2, 5], initial: { bound } },
      { name: "advantage.bias", offset: 180, length: 2, shape: [2], initial: { bound } },
    ]);
    expect(layers.map(({ layer, offsets }) => [layer.inputs, layer.outputs, offsets])).toEqual([
      [4, 5, { weight: 0, bias: 80 }],
      [5, 3, { weight: 112, bias: 176 }],
      [3, 2, {}],
    ]);
  });

  it("without a dueling head have one output per action", () => {
    const { layers, tensors } = layOutParameters(shape);
    expect(tensors.map(({ name }) => name)).toEqual([
      ...["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"],
    ]);
    expect(layers.map(({ layer }) => [layer.kind, layer.outputs])).toEqual([
      ["dense", 5],
      ["dense", 2],
    ]);
  });

  it("of normalised observations are not trainable, and come first in files", () => {
    const changes = { normalizeObservations: true, batchNorm: true };
    const { tensors, trainable } = layOutParameters({ ...shape, ...changes });
    expect(tensors.slice(0, 4).map(({ name, offset }) => [name, offset])).toEqual([
      ...[
        ["norm.weight", 4 * trainable],
        ["norm.bias", 256],
        ["norm.running_mean", 272],
      ],
      ["norm.running_var", 288],
    ]);
    expect(tensors.find(({ name }) => name === "bn1.running_mean")?.offset).toBe(304);
  });

  it("give the activation to the last layer before the next dense layer", () => {
    const { layers } = layOutParameters({ ...shape, batchNorm: true, outputActivation: "tanh" });
    expect(layers.map(({ layer }) => [layer.kind, layer.activation])).toEqual([
      ...[
        ["dense", "identity"],
        ["batchNorm", "relu"],
        ["dense", "tanh"],
      ],
    ]);
  });
});

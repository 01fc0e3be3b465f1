import { describe, expect, it } from "vitest";
import { defaults } from "../../src/config/config.ts";
import { layOutParameters } from "../../src/network/parameterLayout.ts";

const shape = { ...defaults, observationSize: 4, actionCount: 2, hiddenSizes: [5] };
const bound = 1 / Math.sqrt(5);

describe("parameters", () => {
  it("have PyTorch's names, shapes and first values, the running statistics last", () => {
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
    const norm = { scale: 112, shift: 144, runningMean: 240, runningVariance: 272 };
    expect(layers.map((layer) => layer.norm)).toEqual([norm, null]);
  });

  it("of a dueling head: the value's row, then the advantages'", () => {
    const { layers, tensors } = layOutParameters({ ...shape, dueling: true });
    expect(tensors.slice(2)).toEqual([
      { name: "value.weight", offset: 112, length: 5, shape: [1, 5], initial: { bound } },
      { name: "value.bias", offset: 176, length: 1, shape: [1], initial: { bound } },
      { name: "advantage.weight", offset: 132, length: 10, shape: [2, 5], initial: { bound } },
      { name: "advantage.bias", offset: 180, length: 2, shape: [2], initial: { bound } },
    ]);
    expect(layers[1]).toMatchObject({ inputs: 5, outputs: 3, weight: 112, bias: 176, norm: null });
    expect(layers.map((layer) => layer.inputs)).toEqual([4, 5]);
  });

  it("without a head that duels has a value for each action alone", () => {
    const { layers, tensors } = layOutParameters(shape);
    expect(tensors.map(({ name }) => name)).toEqual([
      ...["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"],
    ]);
    expect(layers.map(({ norm, outputs }) => [outputs, norm])).toEqual([
      [5, null],
      [2, null],
    ]);
  });

  it.each([
    ["relu", "identity", 0, -Infinity],
    ["tanh", "relu", -Infinity, 0],
  ] as const)(
    "%s bounds a layer below, %s its output",
    (activation, outputActivation, ...bounds) => {
      const { layers } = layOutParameters({ ...shape, activation, outputActivation });
      expect(layers.map((layer) => layer.activation)).toEqual([activation, outputActivation]);
      expect(layers.map((layer) => layer.lowerBound)).toEqual(bounds);
    },
  );
});

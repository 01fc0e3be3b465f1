import * as ort from "onnxruntime-web";
import { expect, it } from "vitest";
import { type Config, defaults } from "../../src/config/config.ts";
import { recipeConfig, recipes } from "../../src/config/recipes.ts";
import { Training } from "../../src/dqn/training.ts";
import { encodeOnnx } from "../../src/formats/onnx.ts";
import { findGame } from "../../src/games/builtInGames.ts";
import { Grids } from "../environments/grids.ts";

const all: [string, Config][] = recipes.map(({ name }) => [name, recipeConfig(name)]);
const small: Config = { ...defaults, hiddenSizes: [9, 6], batchSize: 8 };
all.push(["batch norm and dueling", { ...small, batchNorm: true, dueling: true }]);
all.push(["tanh on the output", { ...small, outputActivation: "tanh" }]);
all.push(["normalised observations", { ...small, normalizeObservations: true }]);
all.push(["no hidden layer", { ...small, hiddenSizes: [] }]);

const grids: [string, Partial<Config>][] = [
  ["a convolution", { convFilters: [4] }],
  ["convolutions with zeros around", { convFilters: [4, 3], padding: "same", activation: "tanh" }],
  ["convolutions with a stride", { convFilters: [4], kernelSize: 2, stride: 2, padding: "same" }],
  ["layer norm", { convFilters: [3], layerNorm: true }],
  ["layer norm without convolution", { layerNorm: true, dueling: true }],
  ["a convolution of normalised observations", { convFilters: [2], normalizeObservations: true }],
];
for (const [name, changes] of grids) all.push([name, { ...small, env: "Grids", ...changes }]);

it.each(all)("%s: onnxruntime computes the same Q-values", async (_name, config) => {
  const training = new Training(
    {
      ...config,
      learningStarts: 200,
      totalSteps: 600,
      totalEpisodes: null,
      evalEvery: null,
      solvedBy: "none",
    },
    {},
    config.env === "Grids" ? Grids : findGame(config.env),
  );
  training.advance(600);
  const { policy } = training.agent;
  const session = await ort.InferenceSession.create(encodeOnnx(training.shape, training.weights()));
  const size = training.shape.observationSize;
  const rows = 5;
  const observations = Float32Array.from({ length: rows * size }, (_, k) => Math.sin(k * 1.7));
  const { q_values: found } = await session.run({
    observation: new ort.Tensor("float32", observations, [rows, size]),
  });
  const expected = Array.from({ length: rows }, (_, row) => {
    policy.observation.set(observations.subarray(row * size, (row + 1) * size));
    policy.greedyAction();
    return [...policy.qValues];
  }).flat();
  expect(found!.dims).toEqual([rows, training.shape.actionCount]);
  const values = [...(found!.data as Float32Array)];
  const scale = Math.max(1, ...expected.map(Math.abs));
  for (const [k, value] of values.entries()) {
    expect(Math.abs(value - expected[k]!) / scale).toBeLessThanOrEqual(1e-6);
  }
});

it("gives illegal actions the lowest Q-value", async () => {
  const training = new Training({ ...small, totalSteps: 10 });
  const { shape } = training;
  const session = await ort.InferenceSession.create(encodeOnnx(shape, training.weights(), true));
  const tensor = (values: number[], columns: number) =>
    new ort.Tensor("float32", Float32Array.from(values), [2, columns]);
  const { q_values: found } = await session.run({
    observation: tensor([0.1, 0, 0, 0.2, 0.1, 0, 0, 0.2], 4),
    legal_actions: tensor([1, 1, 0, 1], 2),
  });
  const [first, second, illegal, legal] = found!.data as Float32Array;
  expect([illegal, legal]).toEqual([-3.4028234663852886e38, second]);
  expect(Math.abs(first!)).toBeLessThan(10);
});

import { expect, it } from "vitest";
import { type Config, parseConfig } from "../../src/config/config.ts";
import { recipeHelp } from "../../src/config/help.ts";
import { recipeConfig, recipes } from "../../src/config/recipes.ts";

// Values from the documents and programs that recipeHelp names.
const sources: Record<string, Partial<Config>> = {
  solve: { env: "CartPole-v1", hiddenSizes: [32], solvedBy: "evaluation", solvedThreshold: 495 },
  "tanh-64": { hiddenSizes: [64], activation: "tanh", solvedThreshold: 400, tensorboard: true },
  "batchnorm-huber": { env: "CartPole-v0", hiddenSizes: [256, 128], batchNorm: true },
  "per-episode": { env: "CartPole-v1", hiddenSizes: [128], activation: "relu" },
  "frame-stack": { env: "CartPole-v0", hiddenSizes: [256], outputActivation: "relu" },
  "soft-update": { env: "CartPole-v1", hiddenSizes: [64, 64], tau: 1e-3, solvedThreshold: 450 },
  "stable-baselines3": { hiddenSizes: [256, 256], maxGradNorm: 10, learningRate: 2.3e-3 },
  cleanrl: { hiddenSizes: [120, 84], loss: "mse", learningRate: 2.5e-4, batchSize: 128 },
  "mountain-car": { env: "MountainCar-v0", hiddenSizes: [64, 64], solvedThreshold: -105 },
  acrobot: { env: "Acrobot-v1", hiddenSizes: [64], activation: "tanh", solvedThreshold: -90 },
  general: { env: "CartPole-v1", hiddenSizes: [128, 128], normalizeObservations: true },
  pqn: {
    algorithm: "pqn",
    env: "CartPole-v1",
    layerNorm: true,
    numEnvs: 8,
    qLambda: 0.65,
    maxGradNorm: 10,
  },
  "minatar-dqn": {
    ...{ algorithm: "dqn", env: "MinAtar/Breakout-v0", totalSteps: 5_000_000, gamma: 0.99 },
    ...{ convFilters: [16], kernelSize: 3, stride: 1, padding: "valid", hiddenSizes: [128] },
    ...{ optimizer: "rmsprop", rmspropCentered: true, rmspropAlpha: 0.95, momentum: 0 },
    ...{ learningRate: 2.5e-4, learningRateFinal: null, optimizerEpsilon: 0.01, maxGradNorm: null },
    ...{ bufferSize: 100_000, batchSize: 32, targetUpdateInterval: 1_000, tau: 1 },
    ...{ targetUpdateUnit: "update", learningStarts: 5_000, trainFrequency: 1, gradientSteps: 1 },
    ...{ trainFrequencyUnit: "step", doubleQ: false, dueling: false, prioritized: false },
    ...{ explorationInitialEps: 1, explorationFinalEps: 0.1, explorationSchedule: "linear" },
    ...{ explorationStart: 5_000, explorationSteps: 100_000, explorationUnit: "step", nSteps: 1 },
    ...{ layerNorm: false, batchNorm: false, normalizeObservations: false, loss: "huber" },
  },
  "minatar-pqn": {
    ...{ algorithm: "pqn", env: "MinAtar/Breakout-v0", numEnvs: 128, numSteps: 32 },
    ...{ numMinibatches: 32, updateEpochs: 2, qLambda: 0.65, gamma: 0.99, learningRate: 5e-4 },
    ...{ optimizer: "radam", convFilters: [16], hiddenSizes: [128], layerNorm: true },
    ...{ loss: "mse", maxGradNorm: 10, learningRateFinal: 1e-9, explorationSteps: 500_000 },
  },
  "connect-four": {
    ...{
      algorithm: "pqn",
      env: "ConnectFour",
      totalSteps: 4_000_000,
      learningRateSteps: 4_000_000,
    },
    ...{ numEnvs: 128, numSteps: 16, numMinibatches: 8, updateEpochs: 2, learningRate: 5e-4 },
    ...{ hiddenSizes: [256, 128], layerNorm: true, explorationFinalEps: 0.1 },
  },
  "game-2048": {
    ...{ algorithm: "pqn", env: "Game2048", convFilters: [128], kernelSize: 4, stride: 4 },
    ...{ hiddenSizes: [], numMinibatches: 32, updateEpochs: 1, gamma: 0.995, qLambda: 0.4 },
    ...{ explorationFinalEps: 0.01, rewardScale: 1 / 512, totalSteps: 8_000_000 },
    ...{ learningRate: 1e-3, learningRateFinal: 1e-5 },
  },
  snake: { env: "Snake", totalSteps: 150_000, solvedBy: "none", evalEvery: 5_000, nSteps: 3 },
  "frozen-lake": { env: "FrozenLake", totalSteps: 100_000, hiddenSizes: [128, 128] },
  "cliff-walking": { env: "CliffWalking", totalSteps: 50_000, maxEpisodeSteps: 200 },
};

it("every recipe has a description and a valid configuration with its source's values", () => {
  expect(recipes.map(({ name }) => name)).toEqual(Object.keys(sources));
  expect(Object.keys(recipeHelp)).toEqual(Object.keys(sources));
  for (const [name, expected] of Object.entries(sources)) {
    const config = recipeConfig(name);
    expect(parseConfig(config), name).toEqual(config);
    expect(config, name).toMatchObject(expected);
  }
});

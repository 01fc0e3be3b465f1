import { UsageError } from "../errors.ts";
import { type Config, defaults, frozen } from "./config.ts";

/** A named configuration. */
export interface Recipe {
  readonly name: string;
  /** What it changes of the defaults. */
  readonly changes: Partial<Config>;
}

export const recipes: readonly Recipe[] = frozen([
  {
    name: "solve",
    changes: {
      hiddenSizes: [32],
      activation: "tanh",
      learningRate: 5e-3,
      optimizerEpsilon: 1e-3,
      bufferSize: 2_000,
      batchSize: 16,
      learningStarts: 200,
      trainFrequency: 2,
      targetUpdateInterval: 64,
      explorationFinalEps: 0.04,
      explorationSteps: 1_000,
      solvedBy: "evaluation",
      solvedThreshold: 495,
      evalEvery: 800,
      evalEpisodes: 100,
    },
  },
  {
    name: "tanh-64",
    changes: {
      seed: 500,
      totalSteps: null,
      totalEpisodes: 1_000,
      hiddenSizes: [64],
      activation: "tanh",
      loss: "mse",
      bufferSize: 10_000,
      learningStarts: 1_000,
      explorationFinalEps: 0.1,
      explorationStart: 1_000,
      explorationSteps: 18_000,
      failureReward: -1,
      timeLimitTerminal: true,
      solvedBy: "runningScore",
      solvedThreshold: 400,
      tensorboard: true,
    },
  },
  {
    name: "batchnorm-huber",
    changes: {
      env: "CartPole-v0",
      maxEpisodeSteps: 10_000,
      totalSteps: null,
      totalEpisodes: 3_000,
      hiddenSizes: [256, 128],
      batchNorm: true,
      optimizer: "rmsprop",
      learningRate: 0.01,
      maxGradValue: 1,
      gamma: 0.999,
      bufferSize: 10_000,
      batchSize: 128,
      learningStarts: 127,
      targetUpdateInterval: 10,
      targetUpdateUnit: "episode",
      explorationInitialEps: 0.9,
      explorationSchedule: "exponential",
      explorationSteps: 200,
      saveLongest: 0,
    },
  },
  {
    name: "per-episode",
    changes: {
      totalSteps: null,
      totalEpisodes: 3_000,
      hiddenSizes: [128],
      learningRate: 5e-4,
      gamma: 1,
      bufferSize: 50_000,
      batchSize: 256,
      learningStarts: 1_999,
      trainFrequencyUnit: "episode",
      targetUpdateInterval: 10,
      targetUpdateUnit: "episode",
      explorationInitialEps: 0.08,
      explorationFinalEps: 0.01,
      explorationUnit: "episode",
      explorationSteps: 1_400,
      explorationAction: 0,
      rewardScale: 0.01,
      timeLimitTerminal: true,
      logInterval: 100,
    },
  },
  {
    name: "frame-stack",
    changes: {
      env: "CartPole-v0",
      totalSteps: null,
      totalEpisodes: 100,
      hiddenSizes: [256],
      outputActivation: "relu",
      loss: "mse",
      gamma: 0.99999,
      bufferSize: 2_000,
      batchSize: 256,
      learningStarts: 0,
      updatePerTransition: true,
      targetUpdateUnit: "none",
      explorationInitialEps: 0.9,
      explorationFinalEps: 0,
      explorationSchedule: "multiplicative",
      explorationUnit: "episode",
      explorationFactor: 0.99,
      timeLimitTerminal: true,
      greedyEpisodes: 1,
      logFirst: false,
    },
  },
  {
    name: "soft-update",
    changes: {
      totalSteps: null,
      totalEpisodes: 10_000,
      loss: "mse",
      batchSize: 64,
      learningStarts: 64,
      trainFrequency: 4,
      targetUpdateInterval: 1,
      targetUpdateUnit: "update",
      tau: 1e-3,
      explorationInitialEps: 0.9,
      explorationFinalEps: 0.01,
      explorationSchedule: "multiplicative",
      explorationFactor: 0.996,
      timeLimitTerminal: true,
      solvedBy: "meanReturn",
      solvedThreshold: 450,
      logInterval: 1,
    },
  },
  {
    name: "stable-baselines3",
    changes: {
      hiddenSizes: [256, 256],
      learningRate: 2.3e-3,
      batchSize: 64,
      learningStarts: 1_000,
      trainFrequency: 256,
      gradientSteps: 128,
      targetUpdateInterval: 10,
      maxGradNorm: 10,
      explorationFinalEps: 0.04,
      explorationSteps: 8_000,
    },
  },
  {
    name: "cleanrl",
    changes: {
      totalSteps: 500_000,
      hiddenSizes: [120, 84],
      loss: "mse",
      learningRate: 2.5e-4,
      bufferSize: 10_000,
      batchSize: 128,
      learningStarts: 10_000,
      trainFrequency: 10,
      targetUpdateInterval: 500,
      explorationSteps: 250_000,
      logInterval: 100,
    },
  },
  {
    name: "mountain-car",
    changes: {
      env: "MountainCar-v0",
      totalSteps: 300_000,
      activation: "tanh",
      learningRate: 2e-3,
      optimizerEpsilon: 1e-4,
      maxGradNorm: 10,
      gamma: 0.98,
      nSteps: 3,
      bufferSize: 10_000,
      batchSize: 64,
      learningStarts: 1_000,
      trainFrequency: 8,
      gradientSteps: 8,
      targetUpdateInterval: 1_000,
      explorationFinalEps: 0.02,
      solvedBy: "evaluation",
      solvedThreshold: -105,
      evalEvery: 1_000,
      evalEpisodes: 100,
    },
  },
  {
    name: "acrobot",
    changes: {
      env: "Acrobot-v1",
      totalSteps: 100_000,
      hiddenSizes: [64],
      activation: "tanh",
      learningRate: 5e-4,
      gamma: 0.98,
      nSteps: 3,
      bufferSize: 10_000,
      learningStarts: 1_000,
      trainFrequency: 4,
      gradientSteps: 4,
      solvedBy: "evaluation",
      solvedThreshold: -90,
      evalEvery: 1_000,
      evalEpisodes: 100,
    },
  },
]);

/** @throws UsageError if there is no such recipe. */
export function findRecipe(name: string): Recipe {
  const recipe = recipes.find((candidate) => candidate.name === name);
  if (recipe === undefined) {
    const names = recipes.map((candidate) => candidate.name).join(", ");
    throw new UsageError(`recipe must be one of ${names}, got "${name}".`);
  }
  return recipe;
}

/** The whole configuration of a recipe, frozen: change a copy. @throws UsageError if there is no such recipe */
export function recipeConfig(name: string): Config {
  return frozen({ ...defaults, ...findRecipe(name).changes });
}

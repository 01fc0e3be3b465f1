import { UsageError } from "../errors.ts";
import { type Config, defaults } from "./config.ts";

/** A named configuration and where it comes from. */
export interface Recipe {
  readonly name: string;
  readonly description: string;
  readonly source: string;
  readonly changes: Partial<Config>;
}

export const recipes: readonly Recipe[] = [
  {
    name: "solve",
    description:
      "CartPole-v1 to a greedy mean of 495 over 100 episodes, fast and on every seed: one tanh layer of 32, a high learning rate tamed by a large Adam epsilon, small batches, a short replay.",
    source: "tuned for this library",
    changes: {
      totalSteps: 50_000,
      hiddenSizes: [32],
      activation: "tanh",
      loss: "huber",
      learningRate: 5e-3,
      optimizerEpsilon: 1e-3,
      gamma: 0.99,
      bufferSize: 2_000,
      batchSize: 16,
      learningStarts: 200,
      trainFrequency: 2,
      targetUpdateInterval: 64,
      explorationFinalEps: 0.04,
      explorationSteps: 1_000,
      solvedBy: "evaluation",
      solvedThreshold: 495,
      evalInterval: 800,
      evalEpisodes: 100,
    },
  },
  {
    name: "tanh-64",
    description:
      "One tanh layer of 64, MSE, Adam, target copied every 100 steps, reward -1 for a fall; stops when the running score exceeds 400. Time-limit ends count as terminal, as in its source.",
    source: "document 1: Dongmin Lee, Deep Q-Network (DQN) Implementation, AI Frenz, 2019",
    changes: {
      seed: 500,
      totalSteps: null,
      totalEpisodes: 1_000,
      hiddenSizes: [64],
      activation: "tanh",
      loss: "mse",
      learningRate: 1e-3,
      gamma: 0.99,
      bufferSize: 10_000,
      batchSize: 32,
      learningStarts: 1_000,
      targetUpdateInterval: 100,
      explorationInitialEps: 1,
      explorationFinalEps: 0.1,
      explorationStart: 1_000,
      explorationSteps: 18_000,
      failureReward: -1,
      timeLimitTerminal: true,
      solvedBy: "runningScore",
      solvedThreshold: 400,
      logInterval: 10,
    },
  },
];

/** @throws UsageError if there is no such recipe. */
export function findRecipe(name: string): Recipe {
  const recipe = recipes.find((candidate) => candidate.name === name);
  if (recipe === undefined) {
    const names = recipes.map((candidate) => candidate.name).join(", ");
    throw new UsageError(`recipe must be one of ${names}, got "${name}".`);
  }
  return recipe;
}

/** The whole configuration of a recipe. */
export function recipeConfig(name: string): Config {
  return { ...defaults, ...findRecipe(name).changes };
}

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
  {
    name: "batchnorm-huber",
    description:
      "256-128 with batch norm, Huber loss, RMSprop, gradients clamped to +-1, exponential epsilon, target copied every 10 episodes. No time limit in its source; here episodes are cut at 10,000 steps, which is not terminal. Saves the policy of each new longest episode (saveLongest, 0; its source saves past 10,000 steps, which the cut makes unreachable). Starts from a saved policy with --init-from.",
    source: "document 2: SaleJuice, DQN (Deep Q Network), after PyTorch's reinforcement_q_learning",
    changes: {
      env: "CartPole-v0",
      maxEpisodeSteps: 10_000,
      totalSteps: null,
      totalEpisodes: 3_000,
      hiddenSizes: [256, 128],
      batchNorm: true,
      loss: "huber",
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
      explorationFinalEps: 0.05,
      explorationSchedule: "exponential",
      explorationSteps: 200,
      saveLongest: 0,
    },
  },
  {
    name: "per-episode",
    description:
      "128 ReLU, Huber loss, reward / 100, one update an episode once 2,000 transitions are stored, target copied every 10 episodes. Its exploring action is always 0, a quirk of its source (--exploration-action none for both actions). Time-limit ends count as terminal.",
    source: "document 3: DQN (Deep Q-Network) code review 2, after a Fastcampus lecture",
    changes: {
      totalSteps: null,
      totalEpisodes: 3_000,
      hiddenSizes: [128],
      loss: "huber",
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
    description:
      "256 ReLU with ReLU on the output too, no target network, up to 256 transitions sampled each step and one Adam step for each, a greedy episode after each training episode. Stacks k observations (--frame-stack, 1 as in its source's code). Time-limit ends count as terminal.",
    source: "document 4: a blog's introduction to deep Q-learning with PyTorch",
    changes: {
      env: "CartPole-v0",
      totalSteps: null,
      totalEpisodes: 100,
      hiddenSizes: [256],
      outputActivation: "relu",
      loss: "mse",
      learningRate: 1e-3,
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
      logInterval: 10,
      logFirst: false,
    },
  },
  {
    name: "soft-update",
    description:
      "64-64 ReLU, MSE, an update every 4 steps once more than 64 transitions are stored, the target moved by 0.001 after each; solved at a mean return of 450 over 100 episodes. Epsilon is multiplied by 0.996 a step, a reading of a number its source cuts off (--exploration-unit episode for an episode). Time-limit ends count as terminal.",
    source: "document 5: a course's lab, Reinforcement Learning - Deep Q Learning",
    changes: {
      totalSteps: null,
      totalEpisodes: 10_000,
      hiddenSizes: [64, 64],
      loss: "mse",
      learningRate: 1e-3,
      gamma: 0.99,
      bufferSize: 100_000,
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
    description: "The hyperparameters the RL Zoo tuned for Stable-Baselines3's DQN on CartPole-v1.",
    source: "RL Baselines3 Zoo, hyperparams/dqn.yml",
    changes: {
      totalSteps: 50_000,
      hiddenSizes: [256, 256],
      loss: "huber",
      learningRate: 2.3e-3,
      gamma: 0.99,
      bufferSize: 100_000,
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
    description: "CleanRL's dqn.py with its own defaults, on CartPole-v1.",
    source: "CleanRL, cleanrl/dqn.py",
    changes: {
      totalSteps: 500_000,
      hiddenSizes: [120, 84],
      loss: "mse",
      learningRate: 2.5e-4,
      gamma: 0.99,
      bufferSize: 10_000,
      batchSize: 128,
      learningStarts: 10_000,
      trainFrequency: 10,
      targetUpdateInterval: 500,
      explorationFinalEps: 0.05,
      explorationSteps: 250_000,
      logInterval: 100,
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

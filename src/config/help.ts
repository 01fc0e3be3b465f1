import type { ConfigKey } from "./config.ts";
import * as table from "./parameters.ts";
import { parameters } from "./parameters.ts";

/** Hyperparameters in the groups of the command line's help and of the page. */
export const parameterGroups = {
  Run: table.run,
  Environment: table.environment,
  Network: table.network,
  Optimizer: table.optimizer,
  Learning: table.learning,
  Replay: table.replay,
  "Target network": table.targetNetwork,
  Exploration: table.exploration,
  Rewards: table.rewards,
  "Stopping and evaluation": table.stopping,
  Logging: table.logging,
} as const;

/** One sentence on each hyperparameter. People write `none` for null, on the command line and on the page. */
export const parameterHelp = Object.fromEntries(
  Object.entries(parameters).map(([key, { help }]) => [key, help.replace(/\bnull\b/, "none")]),
) as Readonly<Record<ConfigKey, string>>;

/** What each recipe is, and where it comes from. */
export const recipeHelp: Readonly<
  Record<string, { readonly description: string; readonly source: string }>
> = {
  solve: {
    description:
      "CartPole-v1 to a greedy mean of 495 over 100 episodes, fast and on every seed: one tanh layer of 32, a high learning rate tamed by a large Adam epsilon, small batches, a short replay.",
    source: "tuned for this library",
  },
  "tanh-64": {
    description:
      "One tanh layer of 64, MSE, Adam, target copied every 100 steps, reward -1 for a fall; stops when the running score exceeds 400. Time-limit ends count as terminal, as in its source.",
    source: "Dongmin Lee, Deep Q-Network (DQN) Implementation, AI Frenz, 2019",
  },
  "batchnorm-huber": {
    description:
      "256-128 with batch norm, Huber loss, RMSprop, gradients clamped to +-1, exponential epsilon, target copied every 10 episodes. No time limit in its source; here episodes are cut at 10,000 steps, which is not terminal. Saves the policy of each new longest episode (saveLongest, 0; its source saves past 10,000 steps, which the cut makes unreachable). Starts from a saved policy with --init-from.",
    source: "SaleJuice, DQN (Deep Q Network), after PyTorch's reinforcement_q_learning",
  },
  "per-episode": {
    description:
      "128 ReLU, Huber loss, reward / 100, one update an episode once 2,000 transitions are stored, target copied every 10 episodes. Its exploring action is always 0, a quirk of its source (--exploration-action none for both actions). Time-limit ends count as terminal.",
    source: "DQN (Deep Q-Network) code review 2, after a Fastcampus lecture",
  },
  "frame-stack": {
    description:
      "256 ReLU with ReLU on the output too, no target network, up to 256 transitions sampled each step and one Adam step for each, a greedy episode after each training episode. Stacks k observations (--frame-stack, 1 as in its source's code). Time-limit ends count as terminal.",
    source: "a blog's introduction to deep Q-learning with PyTorch",
  },
  "soft-update": {
    description:
      "64-64 ReLU, MSE, an update every 4 steps once more than 64 transitions are stored, the target moved by 0.001 after each; solved at a mean return of 450 over 100 episodes. Epsilon is multiplied by 0.996 a step, a reading of a number its source cuts off (--exploration-unit episode for an episode). Time-limit ends count as terminal.",
    source: "a course's lab, Reinforcement Learning - Deep Q Learning",
  },
  "stable-baselines3": {
    description: "The hyperparameters the RL Zoo tuned for Stable-Baselines3's DQN on CartPole-v1.",
    source: "RL Baselines3 Zoo, hyperparams/dqn.yml",
  },
  cleanrl: {
    description: "CleanRL's dqn.py with its own defaults, on CartPole-v1.",
    source: "CleanRL, cleanrl/dqn.py",
  },
  "mountain-car": {
    description:
      "MountainCar-v0 to a greedy mean of -105 over 100 episodes: 3-step returns carry the rare success back.",
    source: "tuned for this library, starting from the RL Zoo's DQN on MountainCar-v0",
  },
  acrobot: {
    description:
      "Acrobot-v1 to a greedy mean of -90 over 100 episodes: one tanh layer of 64, 3-step returns.",
    source: "tuned for this library, starting from the RL Zoo's DQN on Acrobot-v1",
  },
};

import type { ConfigKey } from "./config.ts";

/** What each configuration key means. */
export const parameterHelp: Readonly<Record<ConfigKey, string>> = {
  env: "environment; on the command line a module's path too",
  seed: "seed of every random stream of the run",
  backend: "which kernels: WebAssembly SIMD, or the JavaScript baseline",
  totalSteps: "stop after this many environment steps",
  totalEpisodes: "stop after this many episodes",
  maxEpisodeSteps:
    "steps after which an episode is truncated; 0 for never, none for the environment's own",
  frameStack: "observations stacked into one, zeros before the first",
  observationNoise: "amplitude of uniform noise on every observed number",
  forceNoise: "CartPole: newtons by which each push is off, uniformly",
  targetPosition: "CartPole: where the cart should come to stand, metres from the middle",
  hiddenSizes: "widths of the hidden layers, such as 64,64",
  activation: "activation of the hidden layers",
  outputActivation: "activation of the Q-values",
  batchNorm: "whether hidden layers have batch normalisation",
  dueling: "whether Q-values are a value plus advantages",
  loss: "loss of the TD error",
  huberBeta: "TD error from which the Huber loss is linear",
  optimizer: "how gradients move the weights",
  learningRate: "step size of the optimizer",
  beta1: "Adam's decay of the gradient's mean",
  beta2: "Adam's decay of the gradient's square",
  rmspropAlpha: "RMSprop's decay of the gradient's square",
  optimizerEpsilon: "Adam's and RMSprop's term against division by zero",
  momentum: "momentum of RMSprop and SGD",
  maxGradValue: "every gradient is clamped to +- this",
  maxGradNorm: "the gradient's norm is scaled down to this",
  gamma: "discount of the next state's value",
  bufferSize: "transitions the replay buffer holds",
  batchSize: "transitions of an update",
  doubleQ: "Double DQN: the Q-network chooses the next action, the target network values it",
  nSteps: "steps of reward before the target network's value",
  prioritized: "prioritised replay, proportional to the TD error",
  priorityAlpha: "how much priorities count; 0 is uniform",
  priorityBeta: "how much importance weights correct for them at first",
  priorityBetaSteps: "updates over which that rises to 1",
  priorityEpsilon: "what is added to every TD error's size",
  learningStarts: "environment steps before the first update",
  trainFrequency: "steps or episodes from one update to the next",
  trainFrequencyUnit: "what trainFrequency counts",
  gradientSteps: "updates each time there is one",
  updatePerTransition: "one optimizer step for each transition of a batch, not for the whole",
  targetUpdateInterval: "steps, updates or episodes from one target update to the next",
  targetUpdateUnit: "what targetUpdateInterval counts; none for no target network",
  tau: "share of the Q-network a target update takes over; 1 copies it",
  explorationInitialEps: "chance of a random action at first",
  explorationFinalEps: "chance of a random action in the end",
  explorationSchedule:
    "how epsilon falls: in a straight line, towards its end by e^(-t/explorationSteps), or by explorationFactor",
  explorationUnit: "what the schedule counts",
  explorationStart: "steps or episodes before epsilon begins to fall",
  explorationSteps: "steps or episodes of the fall, or its time constant",
  explorationFactor: "factor of each step or episode of the multiplicative schedule",
  explorationAction: "the one action explored with; none for a uniformly random one",
  rewardScale: "factor of every reward that is learned from",
  failureReward: "reward of the step that ends an episode before the time limit",
  timeLimitTerminal: "whether a time limit's end counts as terminal, with no value after it",
  solvedBy:
    "what ends a run: the mean of greedy episodes, the running score of training episodes (0.99 old + 0.01 new), the mean of the last 100, or nothing",
  solvedThreshold: "mean return to reach, or running score to exceed",
  evalEvery: "environment steps from one evaluation to the next",
  evalEpisodes: "greedy episodes of an evaluation",
  greedyEpisodes: "greedy episodes after each training episode",
  saveLongest: "save the policy after each longest episode so far of more steps than this",
  logInterval: "episodes from one printed line to the next",
  tensorboard: "write TensorBoard event files into the run folder",
  logFirst: "whether the first episode is printed: 1, 1 + n, ..., not n, 2 n, ...",
};

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

import type { EnvironmentId } from "../environments/registry.ts";
import { activationKind, MOST_HIDDEN_LAYERS, paddingKind } from "./networkKinds.ts";
import type { Kind, Kinds, Text } from "./schema.ts";

const whole = (min: number, max = Number.MAX_SAFE_INTEGER) =>
  ({ kind: "number", whole: true, min, max }) as const;

const range = (min: number, max: number) => ({ kind: "number", min, max }) as const;

const choice = <const Options extends readonly string[]>(...options: Options) =>
  ({ kind: "choice", options }) as const;

/** Also allows `null`, which the command line writes as `none`. */
const orNone = <Of extends Kind>(kind: Of) => ({ ...kind, nullable: true }) as const;

const environmentId: Text<EnvironmentId> = { kind: "text" };
const flag = { kind: "boolean" } as const;
const number = { kind: "number" } as const;
const positive = { kind: "number", above: 0 } as const;
const probability = range(0, 1);
const belowOne = { kind: "number", min: 0, below: 1 } as const;

/** Upper bound of updates, or of evaluation episodes, that one environment step can cause. */
export const MOST_PER_STEP = 100_000;

/** Hyperparameters by their names. */
type Parameters = Kinds &
  Readonly<Record<string, { readonly default: unknown; readonly help: string }>>;

// The hyperparameters, in groups: kind, bounds, default and help of each. The validation, the command line's flags, the
// page's fields and the types of the library come from here. `npm run build` leaves `help` out of the browser's file.

// biome-ignore format: one row per hyperparameter
export const run = {
  env: { ...environmentId, default: "CartPole-v1", help: "environment: the id of a built-in one or a game or, on the command line, the path of a module" },
  seed: { ...whole(0, 2 ** 32 - 1), default: 1, help: "seed of all random streams of the run" },
  backend: { ...choice("wasm", "wasm-fma", "js"), default: "wasm", help: "kernels: wasm (WebAssembly SIMD), js (JavaScript with the same bits), or wasm-fma (fused multiply-add: other bits, needs relaxed SIMD)" },
  totalSteps: { ...orNone(whole(1)), default: 50_000, help: "stop after this many environment steps; null for no limit" },
  totalEpisodes: { ...orNone(whole(1)), default: null, help: "stop after this many episodes; null for no limit" },
} as const satisfies Parameters;

// biome-ignore format: one row per hyperparameter
export const environment = {
  numEnvs: { ...whole(1, 4096), default: 1, help: "copies of the environment that the agent acts on in turn, with one matrix product per round" },
  maxEpisodeSteps: { ...orNone(whole(0)), default: null, help: "time limit of an episode in steps; 0 for no limit; null for the environment's own" },
  frameStack: { ...whole(1, 1000), default: 1, help: "number of latest observations stacked into one; zeros before the first" },
  observationNoise: { ...range(0, 1e6), default: 0, help: "amplitude of uniform noise on each number of an observation" },
  forceNoise: { ...range(0, 1000), default: 0, help: "CartPole: amplitude of uniform noise on each push, in newtons" },
  targetPosition: { ...orNone(range(-2.4, 2.4)), default: null, help: "CartPole: where the cart should stay, in metres from the middle; null for the usual task" },
} as const satisfies Parameters;

// biome-ignore format: one row per hyperparameter
export const network = {
  normalizeObservations: { ...flag, default: false, help: "normalise observations with their running mean and variance, which the policy contains" },
  convFilters: { kind: "list", most: MOST_HIDDEN_LAYERS, whole: true, min: 1, default: [], help: "filters of the convolutions before the hidden layers, such as 16; needs observations of rows, columns, channels" },
  kernelSize: { ...whole(1, 1000), default: 3, help: "rows and columns of a convolution's kernel" },
  stride: { ...whole(1, 1000), default: 1, help: "rows and columns from one place of a convolution's kernel to the next" },
  padding: { ...paddingKind, default: "valid", help: "valid for kernels inside of the grid only; same for zeros around it, so that stride 1 keeps its size" },
  hiddenSizes: { kind: "list", most: MOST_HIDDEN_LAYERS, whole: true, min: 1, default: [64, 64], help: "widths of the hidden layers, such as 64,64" },
  activation: { ...activationKind, default: "relu", help: "activation of the hidden layers" },
  outputActivation: { ...activationKind, default: "identity", help: "activation of the Q-values" },
  batchNorm: { ...flag, default: false, help: "batch normalisation in the hidden layers" },
  layerNorm: { ...flag, default: false, help: "layer normalisation in the convolutions and hidden layers" },
  dueling: { ...flag, default: false, help: "dueling head: Q-values are a state value plus advantages (Wang et al. 2016)" },
} as const satisfies Parameters;

// biome-ignore format: one row per hyperparameter
export const optimizer = {
  loss: { ...choice("mse", "huber"), default: "huber", help: "loss of the TD error" },
  huberBeta: { ...positive, default: 1, help: "TD error from which the Huber loss is linear" },
  optimizer: { ...choice("adam", "radam", "rmsprop", "sgd"), default: "adam", help: "optimizer of the weights" },
  learningRate: { ...positive, default: 1e-3, help: "step size of the optimizer" },
  learningRateFinal: { ...orNone(positive), default: null, help: "learning rate after learningRateSteps, which it reaches linearly; null for a constant one" },
  learningRateSteps: { ...whole(1), default: 50_000, help: "environment steps over which the learning rate changes to learningRateFinal" },
  beta1: { ...belowOne, default: 0.9, help: "Adam and RAdam: decay rate of the gradient's mean" },
  beta2: { ...belowOne, default: 0.999, help: "Adam and RAdam: decay rate of the gradient's square" },
  rmspropAlpha: { ...belowOne, default: 0.99, help: "RMSprop: decay rate of the gradient's square" },
  rmspropCentered: { ...flag, default: false, help: "RMSprop: divides by the gradient's standard deviation, not by its root mean square (Graves 2013)" },
  optimizerEpsilon: { ...positive, default: 1e-8, help: "Adam, RAdam and RMSprop: term against division by zero" },
  momentum: { ...belowOne, default: 0, help: "momentum of RMSprop and SGD" },
  maxGradValue: { ...orNone(positive), default: null, help: "bound of each gradient's absolute value; null for no bound" },
  maxGradNorm: { ...orNone(positive), default: null, help: "bound of the gradient's norm; null for no bound" },
} as const satisfies Parameters;

// biome-ignore format: one row per hyperparameter
export const learning = {
  algorithm: { ...choice("dqn", "pqn"), default: "dqn", help: "dqn (replay buffer and target network), or pqn (rollouts of parallel environments, without either)" },
  gamma: { ...probability, default: 0.99, help: "discount factor of future rewards" },
  doubleQ: { ...flag, default: false, help: "Double DQN: the Q-network chooses the next action, the target network values it (van Hasselt et al. 2016)" },
  nSteps: { ...whole(1, 1000), default: 1, help: "steps of reward in an n-step return" },
  batchSize: { ...whole(1), default: 32, help: "transitions per update" },
  learningStarts: { ...whole(0), default: 100, help: "environment steps before the first update" },
  trainFrequency: { ...whole(1), default: 1, help: "steps or episodes between updates" },
  trainFrequencyUnit: { ...choice("step", "episode"), default: "step", help: "unit of trainFrequency" },
  gradientSteps: { ...whole(1, MOST_PER_STEP), default: 1, help: "updates each time that an update is due" },
  updatePerTransition: { ...flag, default: false, help: "one optimizer step per transition of a batch, instead of one per batch" },
} as const satisfies Parameters;

// biome-ignore format: one row per hyperparameter
export const rollouts = {
  numSteps: { ...whole(1, 1_000_000), default: 32, help: "PQN: steps of each copy of the environment in a rollout" },
  numMinibatches: { ...whole(1, MOST_PER_STEP), default: 4, help: "PQN: equal parts of a shuffled rollout, with one update each" },
  updateEpochs: { ...whole(1, 1000), default: 2, help: "PQN: times that all of a rollout is learned from" },
  qLambda: { ...probability, default: 0.65, help: "PQN: lambda of the Q(lambda) targets; 0 for one-step targets, 1 for returns to the end of the rollout" },
} as const satisfies Parameters;

// biome-ignore format: one row per hyperparameter
export const replay = {
  bufferSize: { ...whole(1), default: 100_000, help: "capacity of the replay buffer, in transitions" },
  prioritized: { ...flag, default: false, help: "prioritised replay, proportional to the TD error (Schaul et al. 2016)" },
  priorityAlpha: { ...probability, default: 0.6, help: "exponent of the priorities; 0 samples uniformly" },
  priorityBeta: { ...probability, default: 0.4, help: "initial exponent of the importance weights" },
  priorityBetaSteps: { ...whole(1), default: 50_000, help: "updates over which priorityBeta rises to 1" },
  priorityEpsilon: { ...positive, default: 1e-6, help: "added to the absolute TD error of a priority" },
} as const satisfies Parameters;

// biome-ignore format: one row per hyperparameter
export const targetNetwork = {
  targetUpdateInterval: { ...whole(1), default: 100, help: "steps, updates or episodes between target updates" },
  targetUpdateUnit: { ...choice("step", "update", "episode", "none"), default: "step", help: "unit of targetUpdateInterval; none for no target network" },
  tau: { kind: "number", above: 0, max: 1, default: 1, help: "fraction by which a target update moves the target network; 1 copies the Q-network" },
} as const satisfies Parameters;

// biome-ignore format: one row per hyperparameter
export const exploration = {
  explorationInitialEps: { ...probability, default: 1, help: "initial probability of a random action" },
  explorationFinalEps: { ...probability, default: 0.05, help: "final probability of a random action" },
  explorationSchedule: { ...choice("linear", "exponential", "multiplicative"), default: "linear", help: "how epsilon falls: linearly, as e^(-t / explorationSteps), or by explorationFactor per step or episode" },
  explorationUnit: { ...choice("step", "episode"), default: "step", help: "unit of the exploration schedule" },
  explorationStart: { ...whole(0), default: 0, help: "steps or episodes before epsilon begins to fall" },
  explorationSteps: { ...whole(0), default: 5_000, help: "steps or episodes over which epsilon falls; the time constant of the exponential schedule" },
  explorationFactor: { ...probability, default: 0.995, help: "factor of epsilon per step or episode in the multiplicative schedule" },
  explorationAction: { ...orNone(whole(0)), default: null, help: "action of every exploring step; null for a uniformly random one" },
} as const satisfies Parameters;

// biome-ignore format: one row per hyperparameter
export const selfPlay = {
  opponentPool: { ...whole(0, 1000), default: 5, help: "two-player games: frozen Q-networks kept as opponents; 0 to play only against the current one" },
  opponentInterval: { ...whole(1), default: 10_000, help: "two-player games: environment steps from one frozen Q-network to the next" },
  opponentFraction: { ...probability, default: 0.5, help: "two-player games: probability that an episode has a frozen opponent" },
} as const satisfies Parameters;

// biome-ignore format: one row per hyperparameter
export const rewards = {
  rewardScale: { ...positive, default: 1, help: "factor of every reward before it is learned from" },
  failureReward: { ...orNone(number), default: null, help: "reward of a step that ends an episode before the time limit; null for the environment's own" },
  timeLimitTerminal: { ...flag, default: false, help: "treat the time limit as terminal: the last state has no value" },
} as const satisfies Parameters;

// biome-ignore format: one row per hyperparameter
export const stopping = {
  solvedBy: { ...choice("evaluation", "runningScore", "meanReturn", "none"), default: "none", help: "what ends a solved run: the mean return of an evaluation, the running score of training episodes (0.99 old + 0.01 new), the mean return of the last 100 episodes, or nothing" },
  solvedThreshold: { ...number, default: 475, help: "mean return to reach, or running score to exceed" },
  evalEvery: { ...orNone(whole(1)), default: null, help: "environment steps between evaluations; null for no evaluation" },
  evalEpisodes: { ...whole(1, MOST_PER_STEP), default: 20, help: "greedy episodes per evaluation" },
  greedyEpisodes: { ...whole(0, MOST_PER_STEP), default: 0, help: "greedy episodes after each training episode" },
} as const satisfies Parameters;

// biome-ignore format: one row per hyperparameter
export const logging = {
  saveLongest: { ...orNone(whole(0)), default: null, help: "save the policy after each new longest episode of more steps than this; null for never" },
  logInterval: { ...whole(1), default: 10, help: "episodes between printed lines" },
  tensorboard: { ...flag, default: false, help: "write TensorBoard event files into the run folder" },
  logFirst: { ...flag, default: true, help: "print episodes 1, 1 + n, 1 + 2n, ... instead of n, 2n, ..." },
} as const satisfies Parameters;

/** Everything on which a run depends. */
export const parameters = {
  ...run,
  ...environment,
  ...network,
  ...optimizer,
  ...learning,
  ...rollouts,
  ...replay,
  ...targetNetwork,
  ...exploration,
  ...selfPlay,
  ...rewards,
  ...stopping,
  ...logging,
} as const;

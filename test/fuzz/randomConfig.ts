import fc from "fast-check";
import { type Config, configKeys } from "../../src/config/config.ts";

const { boolean, constantFrom, double, integer } = fc;

/** A number between two bounds with few digits, as in a flag. */
const between = (min: number, max: number) =>
  double({ min, max, noNaN: true }).map((value) => Number(value.toPrecision(4)));
const orNone = <Value>(values: fc.Arbitrary<Value>) => fc.option(values, { freq: 1 });

/** Values of every hyperparameter for runs of about 100 steps. */
const values: { readonly [Key in keyof Config]: fc.Arbitrary<Config[Key]> } = {
  env: constantFrom("CartPole-v1", "CartPole-v0", "MountainCar-v0", "Acrobot-v1"),
  seed: integer({ min: 0, max: 2 ** 32 - 1 }),
  backend: constantFrom("wasm", "js"),
  totalSteps: integer({ min: 20, max: 120 }),
  totalEpisodes: orNone(integer({ min: 1, max: 12 })),
  maxEpisodeSteps: constantFrom(null, 1, 2, 9, 30),
  frameStack: constantFrom(1, 1, 2, 3),
  observationNoise: constantFrom(0, 0, 0.01, 2),
  forceNoise: constantFrom(0, 0, 3),
  targetPosition: constantFrom(null, null, 1.5, 0),
  convFilters: constantFrom([]),
  kernelSize: integer({ min: 1, max: 5 }),
  stride: integer({ min: 1, max: 3 }),
  padding: constantFrom("valid", "same"),
  hiddenSizes: fc.array(integer({ min: 1, max: 10 }), { maxLength: 3 }),
  activation: constantFrom("relu", "tanh", "identity"),
  outputActivation: constantFrom("identity", "identity", "relu", "tanh"),
  batchNorm: boolean(),
  layerNorm: boolean(),
  dueling: boolean(),
  loss: constantFrom("mse", "huber"),
  huberBeta: between(0.01, 3),
  optimizer: constantFrom("adam", "radam", "rmsprop", "sgd"),
  learningRate: constantFrom(1e-4, 1e-3, 0.01, 0.1, 10),
  beta1: constantFrom(0, 0.5, 0.9),
  beta2: constantFrom(0, 0.9, 0.999),
  rmspropAlpha: constantFrom(0, 0.5, 0.99),
  rmspropCentered: constantFrom(false, false, true),
  optimizerEpsilon: constantFrom(1e-8, 1e-3),
  momentum: constantFrom(0, 0, 0.9),
  maxGradValue: orNone(between(0.001, 2)),
  maxGradNorm: orNone(between(0.001, 20)),
  gamma: constantFrom(0, 0.5, 0.9, 0.99, 1),
  bufferSize: integer({ min: 1, max: 70 }),
  batchSize: integer({ min: 1, max: 12 }),
  doubleQ: boolean(),
  nSteps: constantFrom(1, 1, 2, 3, 7, 50),
  prioritized: boolean(),
  priorityAlpha: constantFrom(0, 0.6, 1),
  priorityBeta: constantFrom(0, 0.4, 1),
  priorityBetaSteps: integer({ min: 1, max: 200 }),
  priorityEpsilon: constantFrom(1e-6, 0.1),
  learningStarts: integer({ min: 0, max: 40 }),
  trainFrequency: integer({ min: 1, max: 6 }),
  trainFrequencyUnit: constantFrom("step", "step", "episode"),
  gradientSteps: integer({ min: 1, max: 4 }),
  updatePerTransition: constantFrom(false, false, true),
  targetUpdateInterval: integer({ min: 1, max: 20 }),
  targetUpdateUnit: constantFrom("step", "update", "episode", "none"),
  tau: constantFrom(1, 1, 0.01, 0.5),
  explorationInitialEps: between(0, 1),
  explorationFinalEps: between(0, 1),
  explorationSchedule: constantFrom("linear", "exponential", "multiplicative"),
  explorationUnit: constantFrom("step", "episode"),
  explorationStart: integer({ min: 0, max: 30 }),
  explorationSteps: integer({ min: 0, max: 90 }),
  explorationFactor: between(0, 1),
  explorationAction: constantFrom(null, null, 0, 1),
  normalizeObservations: boolean(),
  learningRateFinal: constantFrom(null, null, 1e-4),
  learningRateSteps: integer({ min: 1, max: 500 }),
  numEnvs: constantFrom(1, 1, 1, 2, 3, 9),
  opponentPool: integer({ min: 0, max: 3 }),
  opponentInterval: integer({ min: 1, max: 500 }),
  opponentFraction: between(0, 1),
  rewardScale: constantFrom(1, 0.01, 3),
  failureReward: constantFrom(null, null, -10, 0),
  timeLimitTerminal: boolean(),
  solvedBy: constantFrom("none", "none", "runningScore", "meanReturn", "evaluation"),
  solvedThreshold: constantFrom(475, 5, -100),
  evalEvery: constantFrom(null, 7, 30),
  evalEpisodes: constantFrom(1, 2),
  greedyEpisodes: constantFrom(0, 0, 0, 1),
  saveLongest: constantFrom(null, 3),
  logInterval: constantFrom(1, 10),
  tensorboard: boolean(),
  logFirst: boolean(),
};

/** Makes the values consistent with each other. */
function consistent(config: Config): Config {
  const { batchNorm, dueling, env, evalEvery, explorationSchedule, prioritized } = config;
  const cartPole = env.startsWith("CartPole");
  const updatePerTransition = config.updatePerTransition && !batchNorm && !prioritized;
  const bufferSize = Math.max(config.bufferSize, batchNorm ? 2 : 1);
  const batchSize = Math.max(config.batchSize, batchNorm ? 2 : 1);
  return {
    ...config,
    ...{ updatePerTransition, bufferSize, layerNorm: config.layerNorm && !batchNorm },
    batchSize: Math.min(bufferSize, batchSize),
    momentum: config.rmspropCentered ? 0 : config.momentum,
    forceNoise: cartPole ? config.forceNoise : 0,
    targetPosition: cartPole ? config.targetPosition : null,
    // Greedy episodes of MountainCar, 200 steps each, would take most of the time.
    maxEpisodeSteps: cartPole ? config.maxEpisodeSteps : (config.maxEpisodeSteps ?? 25),
    outputActivation: dueling ? "identity" : config.outputActivation,
    solvedBy: evalEvery === null && config.solvedBy === "evaluation" ? "none" : config.solvedBy,
    explorationSteps:
      explorationSchedule === "exponential"
        ? Math.max(1, config.explorationSteps)
        : config.explorationSteps,
  };
}

/** Complete configurations of short runs with small networks. */
export const randomConfigs: fc.Arbitrary<Config> = fc
  .record(Object.fromEntries(configKeys.map((key) => [key, values[key]])) as typeof values)
  .map((config) => consistent(config as Config));

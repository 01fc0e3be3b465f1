import type { Kind, Kinds } from "./schema.ts";

const whole = (min: number, max = Number.MAX_SAFE_INTEGER) =>
  ({ kind: "number", whole: true, min, max }) as const;

const range = (min: number, max: number) => ({ kind: "number", min, max }) as const;

const choice = <const Options extends readonly string[]>(...options: Options) =>
  ({ kind: "choice", options }) as const;

/** `null` is allowed too, written `none` on the command line. */
const orNone = <Of extends Kind>(kind: Of) => ({ ...kind, nullable: true }) as const;

const text = { kind: "text" } as const;
const flag = { kind: "boolean" } as const;
const number = { kind: "number" } as const;
const positive = { kind: "number", above: 0 } as const;
const probability = range(0, 1);
const belowOne = { kind: "number", min: 0, below: 1 } as const;
const activation = choice("relu", "tanh", "identity");

/** More make no network that learns, and a message of no use. */
export const MOST_HIDDEN_LAYERS = 100;

/** An update and an episode take a moment each: a step that asks for more would never come back. */
const MOST_AT_ONCE = 100_000;

/**
 * Everything a run depends on, flat: from here come the validation, the command line's flags and the page's fields. `help.ts` says
 * what each means.
 */
export const parameters = {
  env: text,
  seed: whole(0, 2 ** 32 - 1),
  backend: choice("wasm", "js"),
  totalSteps: orNone(whole(1)),
  totalEpisodes: orNone(whole(1)),

  maxEpisodeSteps: orNone(whole(0)),
  frameStack: whole(1, 1000),
  observationNoise: range(0, 1e6),
  forceNoise: range(0, 1000),
  targetPosition: orNone(range(-2.4, 2.4)),

  hiddenSizes: { kind: "list", most: MOST_HIDDEN_LAYERS, whole: true, min: 1 },
  activation,
  outputActivation: activation,
  batchNorm: flag,
  dueling: flag,

  loss: choice("mse", "huber"),
  huberBeta: positive,
  optimizer: choice("adam", "rmsprop", "sgd"),
  learningRate: positive,
  beta1: belowOne,
  beta2: belowOne,
  rmspropAlpha: belowOne,
  optimizerEpsilon: positive,
  momentum: belowOne,
  maxGradValue: orNone(positive),
  maxGradNorm: orNone(positive),

  gamma: probability,
  bufferSize: whole(1),
  batchSize: whole(1),
  doubleQ: flag,
  nSteps: whole(1, 1000),
  prioritized: flag,
  priorityAlpha: probability,
  priorityBeta: probability,
  priorityBetaSteps: whole(1),
  priorityEpsilon: positive,
  learningStarts: whole(0),
  trainFrequency: whole(1),
  trainFrequencyUnit: choice("step", "episode"),
  gradientSteps: whole(1, MOST_AT_ONCE),
  updatePerTransition: flag,
  targetUpdateInterval: whole(1),
  targetUpdateUnit: choice("step", "update", "episode", "none"),
  tau: { kind: "number", above: 0, max: 1 },

  explorationInitialEps: probability,
  explorationFinalEps: probability,
  explorationSchedule: choice("linear", "exponential", "multiplicative"),
  explorationUnit: choice("step", "episode"),
  explorationStart: whole(0),
  explorationSteps: whole(0),
  explorationFactor: probability,
  explorationAction: orNone(whole(0)),

  rewardScale: positive,
  failureReward: orNone(number),
  timeLimitTerminal: flag,

  solvedBy: choice("evaluation", "runningScore", "meanReturn", "none"),
  solvedThreshold: number,
  evalEvery: orNone(whole(1)),
  evalEpisodes: whole(1, MOST_AT_ONCE),
  greedyEpisodes: whole(0, MOST_AT_ONCE),
  saveLongest: orNone(whole(0)),
  logInterval: whole(1),
  tensorboard: flag,
  logFirst: flag,
} as const satisfies Kinds;

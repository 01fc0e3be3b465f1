import * as v from "valibot";

const integer = (minimum: number, description: string, maximum = Number.MAX_SAFE_INTEGER) =>
  v.pipe(
    v.number(),
    v.integer(),
    v.minValue(minimum),
    v.maxValue(maximum),
    v.description(description),
  );

const number = (minimum: number, maximum: number, description: string) =>
  v.pipe(
    v.number(),
    v.finite(),
    v.minValue(minimum),
    v.maxValue(maximum),
    v.description(description),
  );

const positive = (description: string) =>
  v.pipe(v.number(), v.finite(), v.gtValue(0), v.description(description));

const probability = (description: string) => number(0, 1, description);

const belowOne = (description: string) =>
  v.pipe(v.number(), v.minValue(0), v.ltValue(1), v.description(description));

const flag = (description: string) => v.pipe(v.boolean(), v.description(description));

const choice = <const Options extends readonly [string, ...string[]]>(
  options: Options,
  description: string,
) => v.pipe(v.picklist(options), v.description(description));

const activations = ["relu", "tanh", "identity"] as const;

/** More make no network that learns, and a message of no use. */
export const MOST_HIDDEN_LAYERS = 100;

/** An update and an episode take a moment each: a step that asks for more would never come back. */
const MOST_AT_ONCE = 100_000;

/** Everything a run depends on, flat: from here come the validation, the command line's flags and their help. */
export const parameters = {
  env: v.pipe(v.string(), v.description("environment, such as CartPole-v1, or a module's path")),
  seed: integer(0, "seed of every random stream of the run", 2 ** 32 - 1),
  backend: choice(["wasm", "js"], "which kernels: WebAssembly SIMD, or the JavaScript baseline"),
  totalSteps: v.nullable(integer(1, "stop after this many environment steps")),
  totalEpisodes: v.nullable(integer(1, "stop after this many episodes")),

  maxEpisodeSteps: v.nullable(
    integer(
      0,
      "steps after which an episode is truncated; 0 for never, none for the environment's own",
    ),
  ),
  frameStack: integer(1, "observations stacked into one, zeros before the first", 1000),
  observationNoise: number(0, 1e6, "amplitude of uniform noise on every observed number"),
  forceNoise: number(0, 1000, "CartPole: newtons by which each push is off, uniformly"),
  targetPosition: v.nullable(
    number(-2.4, 2.4, "CartPole: where the cart should come to stand, metres from the middle"),
  ),

  hiddenSizes: v.pipe(
    v.array(integer(1, "units")),
    v.maxLength(MOST_HIDDEN_LAYERS),
    v.description("widths of the hidden layers, such as 64,64"),
  ),
  activation: choice(activations, "activation of the hidden layers"),
  outputActivation: choice(activations, "activation of the Q-values"),
  batchNorm: flag("whether hidden layers have batch normalisation"),
  dueling: flag("whether Q-values are a value plus advantages"),

  loss: choice(["mse", "huber"], "loss of the TD error"),
  huberBeta: positive("TD error from which the Huber loss is linear"),
  optimizer: choice(["adam", "rmsprop", "sgd"], "how gradients move the weights"),
  learningRate: positive("step size of the optimizer"),
  beta1: belowOne("Adam's decay of the gradient's mean"),
  beta2: belowOne("Adam's decay of the gradient's square"),
  rmspropAlpha: belowOne("RMSprop's decay of the gradient's square"),
  optimizerEpsilon: positive("Adam's and RMSprop's term against division by zero"),
  momentum: belowOne("momentum of RMSprop and SGD"),
  maxGradValue: v.nullable(positive("every gradient is clamped to +- this")),
  maxGradNorm: v.nullable(positive("the gradient's norm is scaled down to this")),

  gamma: probability("discount of the next state's value"),
  bufferSize: integer(1, "transitions the replay buffer holds"),
  batchSize: integer(1, "transitions of an update"),
  doubleQ: flag("Double DQN: the Q-network chooses the next action, the target network values it"),
  nSteps: integer(1, "steps of reward before the target network's value", 1000),
  prioritized: flag("prioritised replay, proportional to the TD error"),
  priorityAlpha: probability("how much priorities count; 0 is uniform"),
  priorityBeta: probability("how much importance weights correct for them at first"),
  priorityBetaSteps: integer(1, "updates over which that rises to 1"),
  priorityEpsilon: positive("what is added to every TD error's size"),
  learningStarts: integer(0, "environment steps before the first update"),
  trainFrequency: integer(1, "steps or episodes from one update to the next"),
  trainFrequencyUnit: choice(["step", "episode"], "what trainFrequency counts"),
  gradientSteps: integer(1, "updates each time there is one", MOST_AT_ONCE),
  updatePerTransition: flag("one optimizer step for each transition of a batch, not for the whole"),
  targetUpdateInterval: integer(1, "steps, updates or episodes from one target update to the next"),
  targetUpdateUnit: choice(
    ["step", "update", "episode", "none"],
    "what targetUpdateInterval counts; none for no target network",
  ),
  tau: v.pipe(
    v.number(),
    v.gtValue(0),
    v.maxValue(1),
    v.description("share of the Q-network a target update takes over; 1 copies it"),
  ),

  explorationInitialEps: probability("chance of a random action at first"),
  explorationFinalEps: probability("chance of a random action in the end"),
  explorationSchedule: choice(
    ["linear", "exponential", "multiplicative"],
    "how epsilon falls: in a straight line, towards its end by e^(-t/explorationSteps), or by explorationFactor",
  ),
  explorationUnit: choice(["step", "episode"], "what the schedule counts"),
  explorationStart: integer(0, "steps or episodes before epsilon begins to fall"),
  explorationSteps: integer(0, "steps or episodes of the fall, or its time constant"),
  explorationFactor: probability("factor of each step or episode of the multiplicative schedule"),
  explorationAction: v.nullable(
    integer(0, "the one action explored with; none for a uniformly random one"),
  ),

  rewardScale: positive("factor of every reward that is learned from"),
  failureReward: v.nullable(
    v.pipe(
      v.number(),
      v.finite(),
      v.description("reward of the step that ends an episode before the time limit"),
    ),
  ),
  timeLimitTerminal: flag("whether a time limit's end counts as terminal, with no value after it"),

  solvedBy: choice(
    ["evaluation", "runningScore", "meanReturn", "none"],
    "what ends a run: the mean of greedy episodes, the running score of training episodes (0.99 old + 0.01 new), the mean of the last 100, or nothing",
  ),
  solvedThreshold: v.pipe(
    v.number(),
    v.finite(),
    v.description("mean return to reach, or running score to exceed"),
  ),
  evalEvery: v.nullable(integer(1, "environment steps from one evaluation to the next")),
  evalEpisodes: integer(1, "greedy episodes of an evaluation", MOST_AT_ONCE),
  greedyEpisodes: integer(0, "greedy episodes after each training episode", MOST_AT_ONCE),
  saveLongest: v.nullable(
    integer(0, "save the policy after each longest episode so far of more steps than this"),
  ),
  logInterval: integer(1, "episodes from one printed line to the next"),
  tensorboard: flag("write TensorBoard event files into the run folder"),
  logFirst: flag("whether the first episode is printed: 1, 1 + n, ..., not n, 2 n, ..."),
};

import * as v from "valibot";
import { UsageError } from "../errors.ts";

/** Everything a run depends on, flat: the schema gives the validation, the command line's flags and their help. */
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

const choice = <const Options extends readonly [string, ...string[]]>(
  options: Options,
  description: string,
) => v.pipe(v.picklist(options), v.description(description));

const parameters = {
  env: v.pipe(v.string(), v.description("environment, such as CartPole-v1")),
  seed: integer(0, "seed of every random stream of the run", 2 ** 32 - 1),
  backend: choice(["wasm", "js"], "which kernels: WebAssembly SIMD, or the JavaScript baseline"),
  totalSteps: v.nullable(integer(1, "stop after this many environment steps")),
  totalEpisodes: v.nullable(integer(1, "stop after this many episodes")),

  hiddenSizes: v.pipe(
    v.array(integer(1, "units")),
    v.description("widths of the hidden layers, such as 64,64"),
  ),
  activation: choice(["relu", "tanh", "identity"], "activation of the hidden layers"),

  loss: choice(["mse", "huber"], "loss of the TD error"),
  huberBeta: positive("TD error from which the Huber loss is linear"),
  learningRate: positive("step size of Adam"),
  beta1: belowOne("Adam's decay of the gradient's mean"),
  beta2: belowOne("Adam's decay of the gradient's square"),
  adamEpsilon: positive("Adam's term against division by zero"),

  gamma: probability("discount of the next state's value"),
  bufferSize: integer(1, "transitions the replay buffer holds"),
  batchSize: integer(1, "transitions of an update"),
  learningStarts: integer(0, "environment steps before the first update"),
  trainFrequency: integer(1, "environment steps from one update to the next"),
  gradientSteps: integer(1, "updates each time there is one"),
  targetUpdateInterval: integer(1, "environment steps from one target update to the next"),
  tau: v.pipe(
    v.number(),
    v.gtValue(0),
    v.maxValue(1),
    v.description("share of the Q-network a target update takes over; 1 copies it"),
  ),

  explorationInitialEps: probability("chance of a random action at first"),
  explorationFinalEps: probability("chance of a random action in the end"),
  explorationStart: integer(0, "environment steps before epsilon begins to fall"),
  explorationSteps: integer(0, "environment steps over which epsilon falls, in a straight line"),

  failureReward: v.nullable(
    v.pipe(
      v.number(),
      v.finite(),
      v.description("reward of the step that ends an episode before the time limit"),
    ),
  ),
  timeLimitTerminal: v.pipe(
    v.boolean(),
    v.description("whether a time limit's end counts as terminal, with no value after it"),
  ),

  solvedBy: choice(
    ["evaluation", "runningScore", "none"],
    "what ends a run: the mean return of greedy episodes, the running score of training episodes (0.99 old + 0.01 new), or neither",
  ),
  solvedThreshold: v.pipe(
    v.number(),
    v.finite(),
    v.description("mean return to reach, or running score to exceed"),
  ),
  evalInterval: integer(1, "environment steps from one such evaluation to the next"),
  evalEpisodes: integer(1, "greedy episodes of such an evaluation"),
  logInterval: integer(1, "episodes from one printed line to the next"),
};

const schema = v.strictObject(parameters);

/** The whole configuration of a run, every value resolved. */
export type Config = v.InferOutput<typeof schema>;
export type ConfigKey = keyof Config;

/** The configuration keys in the order of the help. */
export const configKeys = Object.keys(parameters) as readonly ConfigKey[];

/** What the help says of a key. */
export function describeKey(key: ConfigKey): string {
  const entry = parameters[key];
  return v.getDescription("wrapped" in entry ? entry.wrapped : entry) ?? "";
}

/** How a key's value is written on the command line. */
export function valueKind(key: ConfigKey): "number" | "text" | "boolean" | "list" {
  const entry = parameters[key];
  const inner = "wrapped" in entry ? entry.wrapped : entry;
  if (inner.type === "array") return "list";
  if (inner.type === "boolean") return "boolean";
  return inner.type === "number" ? "number" : "text";
}

/** Whether a key may be null, written `none` on the command line. */
export function isNullable(key: ConfigKey): boolean {
  return parameters[key].type === "nullable";
}

/** Stable-Baselines3-like defaults that a recipe changes what it needs to. */
export const defaults: Config = {
  env: "CartPole-v1",
  seed: 1,
  backend: "wasm",
  totalSteps: 50_000,
  totalEpisodes: null,
  hiddenSizes: [64, 64],
  activation: "relu",
  loss: "huber",
  huberBeta: 1,
  learningRate: 1e-3,
  beta1: 0.9,
  beta2: 0.999,
  adamEpsilon: 1e-8,
  gamma: 0.99,
  bufferSize: 100_000,
  batchSize: 32,
  learningStarts: 100,
  trainFrequency: 1,
  gradientSteps: 1,
  targetUpdateInterval: 100,
  tau: 1,
  explorationInitialEps: 1,
  explorationFinalEps: 0.05,
  explorationStart: 0,
  explorationSteps: 5_000,
  failureReward: null,
  timeLimitTerminal: false,
  solvedBy: "none",
  solvedThreshold: 475,
  evalInterval: 1_000,
  evalEpisodes: 20,
  logInterval: 10,
};

/** A value as a message shows it: short, whatever it is. */
function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function sentence(issue: v.BaseIssue<unknown>, source: string): string {
  const path = v.getDotPath(issue) ?? "configuration";
  const where = source === "" ? "" : ` in ${source}`;
  if (issue.type === "strict_object" && issue.expected === "never") {
    return `${path}${where} is not a configuration key.`;
  }
  const expected = expectation(issue);
  const input = issue.path?.at(-1)?.value ?? issue.input;
  return `${path}${where} must be ${expected}, got ${show(input)}.`;
}

function expectation(issue: v.BaseIssue<unknown>): string {
  const bound = String(issue.expected).replace(/^[<>]=?/, "");
  if (issue.type === "min_value") return `at least ${bound}`;
  if (issue.type === "max_value") return `at most ${bound}`;
  if (issue.type === "gt_value") return `greater than ${bound}`;
  if (issue.type === "lt_value") return `less than ${bound}`;
  if (issue.type === "integer") return "a whole number";
  if (issue.type === "finite" || issue.type === "number") return "a number";
  if (issue.type === "picklist")
    return `one of ${bound.replace(/[()"]/g, "").replace(/ \| /g, ", ")}`;
  if (issue.type === "array") return "a list of whole numbers";
  return `a ${issue.type}`;
}

/**
 * Checks part of a configuration as it was written in `source`, a file or the command line.
 * @throws UsageError naming the first key that is unknown or out of range.
 */
export function parsePartial(values: unknown, source: string): Partial<Config> {
  const result = v.safeParse(v.partial(schema), values);
  if (!result.success) throw new UsageError(sentence(result.issues[0], source));
  return result.output as Partial<Config>;
}

/**
 * Checks a whole configuration, also where one value bounds another.
 * @throws UsageError with one sentence.
 */
export function parseConfig(values: unknown): Config {
  const result = v.safeParse(schema, values);
  if (!result.success) throw new UsageError(sentence(result.issues[0], ""));
  const config = result.output;
  if (config.batchSize > config.bufferSize) {
    throw new UsageError(
      `batchSize must be at most bufferSize, ${config.bufferSize}, since a batch has no transition twice, got ${config.batchSize}.`,
    );
  }
  if (config.totalSteps === null && config.totalEpisodes === null && config.solvedBy === "none") {
    throw new UsageError(
      "totalSteps or totalEpisodes must be set, or solvedBy be something else than none: the run would never end.",
    );
  }
  return config;
}

import * as v from "valibot";
import { show, UsageError } from "../errors.ts";
import { parameters } from "./parameters.ts";

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
  maxEpisodeSteps: null,
  frameStack: 1,
  observationNoise: 0,
  forceNoise: 0,
  targetPosition: null,
  hiddenSizes: [64, 64],
  activation: "relu",
  outputActivation: "identity",
  batchNorm: false,
  dueling: false,
  loss: "huber",
  huberBeta: 1,
  optimizer: "adam",
  learningRate: 1e-3,
  beta1: 0.9,
  beta2: 0.999,
  rmspropAlpha: 0.99,
  optimizerEpsilon: 1e-8,
  momentum: 0,
  maxGradValue: null,
  maxGradNorm: null,
  gamma: 0.99,
  bufferSize: 100_000,
  batchSize: 32,
  doubleQ: false,
  nSteps: 1,
  prioritized: false,
  priorityAlpha: 0.6,
  priorityBeta: 0.4,
  priorityBetaSteps: 50_000,
  priorityEpsilon: 1e-6,
  learningStarts: 100,
  trainFrequency: 1,
  trainFrequencyUnit: "step",
  gradientSteps: 1,
  updatePerTransition: false,
  targetUpdateInterval: 100,
  targetUpdateUnit: "step",
  tau: 1,
  explorationInitialEps: 1,
  explorationFinalEps: 0.05,
  explorationSchedule: "linear",
  explorationUnit: "step",
  explorationStart: 0,
  explorationSteps: 5_000,
  explorationFactor: 0.995,
  explorationAction: null,
  rewardScale: 1,
  failureReward: null,
  timeLimitTerminal: false,
  solvedBy: "none",
  solvedThreshold: 475,
  evalEvery: null,
  evalEpisodes: 20,
  greedyEpisodes: 0,
  saveLongest: null,
  logInterval: 10,
  tensorboard: false,
  logFirst: true,
};

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
  if (issue.type === "max_length") return `a list of at most ${bound} numbers`;
  if (issue.type === "strict_object") return "an object of configuration values";
  return `a ${issue.type}`;
}

/**
 * Checks part of a configuration as it was written in `source`, a file or the command line.
 * @param keys the keys that may be there; all where it is left out
 * @throws UsageError naming the first key that is unknown or out of range
 */
export function parsePartial(
  values: unknown,
  source: string,
  keys: readonly string[] = configKeys,
): Partial<Config> {
  const entries = Object.entries(parameters).filter(([key]) => keys.includes(key));
  const result = v.safeParse(v.partial(v.strictObject(Object.fromEntries(entries))), values);
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
  const conflict = findConflict(config);
  if (conflict !== null) throw new UsageError(conflict);
  return config;
}

/** What is wrong with values that are each in range; null if nothing is. */
function findConflict(config: Config): string | null {
  const { batchSize, bufferSize } = config;
  if (batchSize > bufferSize && !config.updatePerTransition) {
    return `batchSize must be at most bufferSize, ${bufferSize}, since a batch has no transition twice, got ${batchSize}.`;
  }
  if (config.totalSteps === null && config.totalEpisodes === null && config.solvedBy === "none") {
    return "totalSteps or totalEpisodes must be set, or solvedBy be something else than none: the run would never end.";
  }
  if (config.batchNorm && (config.updatePerTransition || batchSize < 2)) {
    return "batchNorm needs batches of at least 2 transitions that are learned from at once.";
  }
  if (config.prioritized && config.updatePerTransition) {
    return "prioritized needs batches that are learned from at once: updatePerTransition must be false.";
  }
  if (config.dueling && config.outputActivation !== "identity") {
    return `outputActivation must be identity with a dueling head, got "${config.outputActivation}".`;
  }
  if (config.solvedBy === "evaluation" && config.evalEvery === null) {
    return "evalEvery must be set where solvedBy is evaluation.";
  }
  if (config.explorationSchedule === "exponential" && config.explorationSteps === 0) {
    return "explorationSteps must be at least 1 for the exponential schedule, got 0.";
  }
  return null;
}

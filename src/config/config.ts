import { show, UsageError } from "../errors.ts";
import { MOST_PER_STEP, parameters } from "./parameters.ts";
import { type Kind, type Kinds, type Values, validate } from "./schema.ts";

/** Configuration of a run, with a value for every key. */
export type Config = Values<typeof parameters>;

/** Values of some hyperparameters. */
export type ConfigChanges = Partial<Config>;

export type ConfigKey = keyof Config;

/** The configuration keys in the order of the help. */
export const configKeys = Object.keys(parameters) as readonly ConfigKey[];

/** Allowed values of a key. */
export function kindOf(key: ConfigKey): Kind {
  return parameters[key];
}

/** Default values. Most are Stable-Baselines3's. */
export const defaults: Config = frozen(
  Object.fromEntries(configKeys.map((key) => [key, parameters[key].default])) as unknown as Config,
);

/** Freezes a value and, recursively, everything in it. */
export function frozen<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null) Object.values(value).forEach(frozen);
  return Object.freeze(value);
}

/** @throws UsageError naming the first invalid key */
function check(values: unknown, source: string, kinds: Kinds, complete: boolean): void {
  const where = source === "" ? "" : ` in ${source}`;
  if (typeof values !== "object" || values === null || Array.isArray(values)) {
    throw new UsageError(`The configuration${where} must be an object, got ${show(values)}.`);
  }
  const problem = validate(kinds, values, complete ? undefined : Object.keys(values));
  if (problem === null) return;
  const { expected, key, value } = problem;
  if (expected === null) {
    const shown = /^\w+$/.test(key) ? key : show(key);
    throw new UsageError(`${shown}${where} is not a configuration key.`);
  }
  throw new UsageError(`${key}${where} must be ${expected}, got ${show(value)}.`);
}

/**
 * Validates some values of a configuration.
 * @param source name of their file for messages, or ""
 * @param keys allowed keys; by default all
 * @throws UsageError naming the first unknown key or invalid value
 */
export function parsePartial(
  values: unknown,
  source: string,
  keys: readonly string[] = configKeys,
): Partial<Config> {
  const kinds = Object.entries(parameters).filter(([key]) => keys.includes(key));
  check(values, source, Object.fromEntries(kinds), false);
  return values as Partial<Config>;
}

/**
 * Validates a complete configuration, including conflicts between values. Returns a frozen copy.
 * @throws UsageError naming the first problem
 */
export function parseConfig(values: unknown): Config {
  check(values, "", parameters, true);
  const valid = values as Config;
  const { convFilters, hiddenSizes } = valid;
  const config = { ...valid, convFilters: [...convFilters], hiddenSizes: [...hiddenSizes] };
  const conflict = findConflict(config);
  if (conflict !== null) throw new UsageError(conflict);
  return frozen(config);
}

/** Hyperparameters that `pqn` cannot follow. They must have their defaults. */
const dqnKeys = ["prioritized", "doubleQ", "nSteps", "updatePerTransition"] as const;

/** Returns a sentence about a conflict of `algorithm: "pqn"` with another value, or null. */
function findPqnConflict(config: Config): string | null {
  const { numEnvs, numMinibatches, numSteps, updateEpochs } = config;
  const key = dqnKeys.find((name) => config[name] !== defaults[name]);
  if (key !== undefined) {
    return `${key} must be ${show(defaults[key])} if algorithm is pqn, got ${show(config[key])}.`;
  }
  if (numEnvs * numSteps >= 2 ** 24) {
    return `numEnvs * numSteps must be less than ${2 ** 24}, got ${numEnvs * numSteps}.`;
  }
  if ((numEnvs * numSteps) % numMinibatches !== 0) {
    return `numMinibatches must divide numEnvs * numSteps, ${numEnvs * numSteps}, got ${numMinibatches}.`;
  }
  if (config.batchNorm && numEnvs * numSteps === numMinibatches) {
    return `numMinibatches must be less than numEnvs * numSteps if batchNorm is true, got ${numMinibatches}.`;
  }
  if (numMinibatches * updateEpochs > MOST_PER_STEP) {
    return `numMinibatches * updateEpochs must be at most ${MOST_PER_STEP}, got ${numMinibatches * updateEpochs}.`;
  }
  return null;
}

/** Returns a sentence about two values that exclude each other, or null. */
function findConflict(config: Config): string | null {
  const { algorithm, batchSize, bufferSize } = config;
  if (algorithm === "pqn") {
    const conflict = findPqnConflict(config);
    if (conflict !== null) return conflict;
  } else if (batchSize > bufferSize && !config.updatePerTransition) {
    return `batchSize must be at most bufferSize, ${bufferSize}, got ${batchSize}.`;
  }
  if (config.totalSteps === null && config.totalEpisodes === null && config.solvedBy === "none") {
    return "totalSteps, totalEpisodes or solvedBy must be set: the run would never end.";
  }
  if (config.batchNorm && (config.updatePerTransition || (algorithm === "dqn" && batchSize < 2))) {
    return "batchNorm needs a batchSize of at least 2, and updatePerTransition must be false.";
  }
  if (config.batchNorm && (config.layerNorm || config.convFilters.length > 0)) {
    return "batchNorm cannot be true with layerNorm or convFilters.";
  }
  if (config.convFilters.length > 0 && config.frameStack > 1) {
    return `frameStack must be 1 with convFilters, got ${config.frameStack}.`;
  }
  if (config.prioritized && config.updatePerTransition) {
    return "prioritized and updatePerTransition cannot both be true.";
  }
  if (config.dueling && config.outputActivation !== "identity") {
    return `outputActivation must be identity if dueling is true, got "${config.outputActivation}".`;
  }
  if (config.rmspropCentered && config.momentum !== 0) {
    return `momentum must be 0 if rmspropCentered is true, got ${config.momentum}.`;
  }
  if (config.solvedBy === "evaluation" && config.evalEvery === null) {
    return "evalEvery must be set if solvedBy is evaluation.";
  }
  if (config.explorationSchedule === "exponential" && config.explorationSteps === 0) {
    return "explorationSteps must be at least 1 if explorationSchedule is exponential, got 0.";
  }
  return null;
}

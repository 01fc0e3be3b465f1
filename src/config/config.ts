import { show, UsageError } from "../errors.ts";
import { parameters } from "./parameters.ts";
import { type Flat, findFlaw, type Kind, type Kinds } from "./schema.ts";

/** The whole configuration of a run, every value resolved. */
export type Config = Flat<typeof parameters>;

/** Values of some hyperparameters. */
export type ConfigChanges = Partial<Config>;

export type ConfigKey = keyof Config;

/** The configuration keys in the order of the help. */
export const configKeys = Object.keys(parameters) as readonly ConfigKey[];

/** What a key's value may be. */
export function kindOf(key: ConfigKey): Kind {
  return parameters[key];
}

/** Value of every key that a recipe does not change. Most are Stable-Baselines3's. */
export const defaults: Config = frozen(
  Object.fromEntries(configKeys.map((key) => [key, parameters[key].default])) as unknown as Config,
);

/** Makes a value of plain objects and arrays unchangeable, all the way down. */
export function frozen<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null) Object.values(value).forEach(frozen);
  return Object.freeze(value);
}

/** @throws UsageError naming the first key that is wrong */
function check(values: unknown, source: string, kinds: Kinds, whole: boolean): void {
  const where = source === "" ? "" : ` in ${source}`;
  if (typeof values !== "object" || values === null || Array.isArray(values)) {
    throw new UsageError(`The configuration${where} must be an object, got ${show(values)}.`);
  }
  const flaw = findFlaw(kinds, values, whole ? undefined : Object.keys(values));
  if (flaw === null) return;
  const { expected, key, value } = flaw;
  if (expected === null) {
    const shown = /^\w+$/.test(key) ? key : show(key);
    throw new UsageError(`${shown}${where} is not a configuration key.`);
  }
  throw new UsageError(`${key}${where} must be ${expected}, got ${show(value)}.`);
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
  const kinds = Object.entries(parameters).filter(([key]) => keys.includes(key));
  check(values, source, Object.fromEntries(kinds), false);
  return values as Partial<Config>;
}

/**
 * Checks a whole configuration, also where one value bounds another. Returns a frozen copy.
 * @throws UsageError with one sentence.
 */
export function parseConfig(values: unknown): Config {
  check(values, "", parameters, true);
  const given = values as Config;
  const config = { ...given, hiddenSizes: [...given.hiddenSizes] };
  const conflict = findConflict(config);
  if (conflict !== null) throw new UsageError(conflict);
  return frozen(config);
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

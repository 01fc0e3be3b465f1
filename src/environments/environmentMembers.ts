import { RunError, show } from "../errors.ts";
import type { Environment } from "./environment.ts";

type Sizes = Pick<Environment, "actionCount" | "observationSize">;
type Functions = "getState" | "legalActions" | "render" | "reset" | "setState" | "step";

/** The constants of an environment. */
type Members = Sizes & {
  readonly [Key in Exclude<keyof Environment, keyof Sizes | Functions>]?:
    | Environment[Key]
    | undefined;
};

const isSize = (value: unknown) => Number.isInteger(value) && (value as number) >= 1;

/** Whether the value is a list of `count` different texts that are not empty. */
function areNames(value: unknown, count: number): boolean {
  const fits = Array.isArray(value) && value.length === count && new Set(value).size === count;
  return fits && value.every((name) => name && typeof name === "string");
}

/** Validates the constants of the user's environment `id`. @throws RunError naming the first that is invalid */
export function validateMembers(id: string, environment: Members): void {
  const { actionCount, actionNames, observationShape, observationSize } = environment;
  const { maxEpisodeSteps = 1, players = 1, rewardThreshold = 0 } = environment;
  const { observationType = "float32" } = environment;
  const require = (fits: boolean, key: keyof Members, expected: string, note = "") => {
    if (fits) return;
    throw new RunError(
      `The environment ${id} must have ${expected} as its ${key}${note}, got ${show(environment[key])}.`,
    );
  };
  const size = "a whole number of at least 1";
  require(isSize(observationSize), "observationSize", size);
  require(isSize(actionCount), "actionCount", size, " (actions must be discrete)");
  require(isSize(maxEpisodeSteps), "maxEpisodeSteps", size);
  require(players === 1 || players === 2, "players", "1 or 2");
  const types = ["float32", "uint8"];
  require(types.includes(observationType), "observationType", types.join(" or "));
  require(Number.isFinite(rewardThreshold), "rewardThreshold", "a number");
  const names = actionNames === undefined || areNames(actionNames, actionCount);
  require(names, "actionNames", `${actionCount} different texts`);
  const product = Array.isArray(observationShape)
    ? observationShape.reduce((a, b) => a * (isSize(b) ? b : Number.NaN), 1)
    : Number.NaN;
  const fits = observationShape === undefined || product === observationSize;
  require(fits, "observationShape", `a list with the product ${observationSize}`);
}

import type { EnvironmentIdentity } from "../environments/environmentSpec.ts";
import { RunError, show } from "../errors.ts";
import { parseJson } from "./fileValues.ts";
import { isSizes } from "./safetensors.ts";

/** Returns the identity of a run's environment as JSON. `frameStack` is the number of frames in the spec's observations. */
export function writeIdentity(spec: EnvironmentIdentity, frameStack: number): string {
  const { actionCount, actionNames, hash, id, observationShape } = spec;
  const players = spec.players === 2 ? 2 : undefined;
  const hasLegalActions = spec.hasLegalActions || undefined;
  const observationSize = spec.observationSize / frameStack;
  return JSON.stringify({
    ...{ id, observationSize, observationShape, actionCount, players, hasLegalActions },
    ...{ actionNames, hash },
  });
}

/** Parses what `writeIdentity` wrote. @throws RunError naming the file if it is damaged */
export function readIdentity(text: string | undefined, name: string): EnvironmentIdentity {
  const value = parseJson(text) as EnvironmentIdentity | null | undefined;
  const {
    actionNames = [],
    hash = "",
    observationShape = [],
  } = Object(value) as Partial<EnvironmentIdentity>;
  const fits =
    typeof value?.id === "string" &&
    typeof hash === "string" &&
    value.observationSize > 0 &&
    value.actionCount > 0 &&
    isSizes(observationShape) &&
    Array.isArray(actionNames);
  if (fits) return value;
  throw new RunError(`environment in ${name} must have an id and sizes, got ${show(value)}.`);
}

/** Text of everything that must agree. A shape and names of actions count only if both environments have them. */
function text(one: EnvironmentIdentity, other: EnvironmentIdentity): string {
  const { actionCount, actionNames, id, observationShape, observationSize } = one;
  const inputs = other.observationShape && observationShape?.join("x");
  const names = other.actionNames && actionNames ? `: ${actionNames.join(", ")}` : "";
  const players = one.players === 2 ? ", 2 players" : "";
  return `${id} (${inputs ?? observationSize} inputs, ${actionCount} actions${names}${players})`;
}

/**
 * Ensures that a file plays or resumes only in its own environment. The module's hash may differ.
 * @throws RunError naming the file if ids, sizes, shapes or names of actions differ
 */
export function refuseOtherEnvironment(
  stored: EnvironmentIdentity,
  given: EnvironmentIdentity,
  name: string,
): void {
  const [expected, got] = [text(stored, given), text(given, stored)];
  if (expected !== got) {
    throw new RunError(`${name} needs the environment ${expected}, got ${got}.`);
  }
}

/** @throws RunError: the file's environment is not built in, and none was given */
export function refuseMissingEnvironment(id: string, name: string): never {
  throw new RunError(
    `${name} was trained in "${id}", which is not built in: give its module (--env) or class.`,
  );
}

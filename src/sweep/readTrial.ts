import { parsePartial } from "../config/config.ts";
import { findRecipe } from "../config/recipes.ts";
import { type Kinds, type Values, validate } from "../config/schema.ts";
import { oneLine, RunError, show, UsageError } from "../errors.ts";
import type { Round, Trial, TrialResult } from "./trial.ts";

const count = { kind: "number", whole: true, min: 0, max: 2 ** 53 - 1, nullable: true } as const;
const score = { kind: "number", nullable: true } as const;
const text = { kind: "text" } as const;

const trialKinds = {
  recipe: text,
  seed: { kind: "number", whole: true, min: 0, max: 2 ** 32 - 1 },
} as const satisfies Kinds;

const roundKinds = {
  number: { kind: "number", whole: true, min: 1, max: 100 },
  steps: { kind: "number", whole: true, min: 1, max: 2 ** 53 - 1 },
} as const satisfies Kinds;

const outcomeKinds = {
  solved: { kind: "boolean", nullable: true },
  steps: count,
  episodes: count,
  seconds: score,
  meanReturn100: score,
  finalReturn: score,
  weightsSha256: { ...text, nullable: true },
  error: text,
} as const satisfies Kinds;

/** Picks the values of these keys; null if one is invalid. Ignores other keys. */
function pick<Of extends Kinds>(kinds: Of, value: unknown): Values<Of> | null {
  if (typeof value !== "object" || value === null) return null;
  const entries = Object.keys(kinds).map((key) => [key, (value as Record<string, unknown>)[key]]);
  const picked: object = Object.fromEntries(entries);
  return validate(kinds, picked) === null ? (picked as Values<Of>) : null;
}

/**
 * Validates a trial from a queue or a file.
 * @throws UsageError if it is invalid
 */
export function readTrial(value: unknown): Trial {
  const trial = pick(trialKinds, value);
  if (trial === null) {
    throw new UsageError(`A trial must have a recipe, changes and a seed, got ${show(value)}.`);
  }
  const { recipe, seed } = trial;
  findRecipe(recipe);
  const { changes, round } = value as { readonly changes?: unknown; readonly round?: unknown };
  const parsed = parsePartial(changes, "a trial");
  return { recipe, changes: parsed, seed, ...(round !== undefined && { round: readRound(round) }) };
}

/** Validates a round. @throws UsageError if it is invalid */
export function readRound(value: unknown): Round {
  const round = pick(roundKinds, value);
  if (round !== null) return round;
  throw new UsageError(`A trial's round must have a number and steps, got ${show(value)}.`);
}

/**
 * Validates the result of a trial from a queue or a file.
 * @throws RunError if it is invalid
 */
export function readOutcome(trial: Trial, value: unknown): TrialResult {
  const { changes, recipe, round, seed } = trial;
  const outcome = pick(outcomeKinds, value);
  if (outcome === null || !/^([0-9a-f]{64})?$/.test(outcome.weightsSha256 ?? "")) {
    throw new RunError(`A trial's result must have valid numbers, got ${show(value)}.`);
  }
  const own = { recipe, changes, seed, ...(round && { round }) };
  return { ...own, ...outcome, error: oneLine(outcome.error) };
}

import { parsePartial } from "../config/config.ts";
import { findRecipe } from "../config/recipes.ts";
import { type Kinds, type Values, validate } from "../config/schema.ts";
import { oneLine, RunError, show, UsageError } from "../errors.ts";
import type { Trial, TrialResult } from "./trial.ts";

const count = { kind: "number", whole: true, min: 0, max: 2 ** 53 - 1, nullable: true } as const;
const score = { kind: "number", nullable: true } as const;
const text = { kind: "text" } as const;

const trialKinds = {
  recipe: text,
  seed: { kind: "number", whole: true, min: 0, max: 2 ** 32 - 1 },
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
  const { changes } = value as { readonly changes?: unknown };
  return { recipe, changes: parsePartial(changes, "a trial"), seed };
}

/**
 * Validates the result of a trial from a queue or a file.
 * @throws RunError if it is invalid
 */
export function readOutcome({ changes, recipe, seed }: Trial, value: unknown): TrialResult {
  const outcome = pick(outcomeKinds, value);
  if (outcome === null || !/^([0-9a-f]{64})?$/.test(outcome.weightsSha256 ?? "")) {
    throw new RunError(`A trial's result must have valid numbers, got ${show(value)}.`);
  }
  return { recipe, changes, seed, ...outcome, error: oneLine(outcome.error) };
}

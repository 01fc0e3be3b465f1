import * as v from "valibot";
import { oneLine, RunError, show, UsageError } from "../errors.ts";
import { parsePartial } from "../training/config.ts";
import { findRecipe } from "../training/recipes.ts";
import type { Trial, TrialResult } from "./trial.ts";

const seed = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 32 - 1));
const count = v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(0)));
const score = v.nullable(v.pipe(v.number(), v.finite()));

const trialSchema = v.object({
  recipe: v.string(),
  changes: v.unknown(),
  seed,
});

const outcomeSchema = v.object({
  solved: v.nullable(v.boolean()),
  steps: count,
  episodes: count,
  seconds: score,
  meanReturn100: score,
  finalReturn: score,
  weightsSha256: v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
  error: v.pipe(v.string(), v.transform(oneLine)),
});

/**
 * A trial as it came from elsewhere: a queue, a file.
 * @throws UsageError if it is none
 */
export function readTrial(value: unknown): Trial {
  const result = v.safeParse(trialSchema, value);
  if (!result.success) {
    throw new UsageError(`A trial must have a recipe, changes and a seed, got ${show(value)}.`);
  }
  const { changes, recipe } = result.output;
  findRecipe(recipe);
  return { recipe, changes: parsePartial(changes, "a trial"), seed: result.output.seed };
}

/**
 * How a trial went, as it came from elsewhere.
 * @throws RunError if it is no outcome of a trial
 */
export function readOutcome(trial: Trial, value: unknown): TrialResult {
  const result = v.safeParse(outcomeSchema, value);
  if (!result.success) {
    throw new RunError(`A trial's result must have its numbers, got ${show(value)}.`);
  }
  const { changes, recipe } = trial;
  return { recipe, changes, seed: trial.seed, ...result.output };
}

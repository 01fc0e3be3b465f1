import type { Config } from "../config/config.ts";
import { recipeConfig } from "../config/recipes.ts";
import { UsageError } from "../errors.ts";
import { count } from "../numberText.ts";
import { type Configuration, configurationName } from "./configuration.ts";
import { groupResults } from "./report.ts";
import type { Round, Trial, TrialResult } from "./trial.ts";

/**
 * Successive halving (Jamieson and Talwalkar 2016): all configurations train for a small part of their steps, then the best ones
 * continue in the next round with `factor` times the steps, up to `totalSteps` in the last round.
 */
export interface Halving {
  readonly configurations: readonly Configuration[];
  readonly seeds: readonly number[];
  /** The best 1 / factor of a round's configurations take part in the next round. */
  readonly factor: number;
  /** Number of rounds. */
  readonly rounds: number;
}

/**
 * Plans the rounds: as many as leave at least one configuration.
 * @throws UsageError if there are too few configurations or steps for two rounds
 */
export function planHalving(plan: Omit<Halving, "rounds">): Halving {
  const { configurations, factor } = plan;
  let rounds = 1;
  for (let left = configurations.length; left >= factor; left = Math.floor(left / factor)) rounds++;
  if (rounds === 1) {
    throw new UsageError(
      `--halving ${factor} needs at least ${factor} configurations, got ${configurations.length}: use more --trials.`,
    );
  }
  const halving = { ...plan, rounds };
  for (const configuration of configurations) refuseFewSteps(halving, configuration);
  return halving;
}

/** @throws UsageError if a configuration would not learn in the first round */
function refuseFewSteps(halving: Halving, configuration: Configuration): void {
  const { learningStarts, totalSteps } = resolved(configuration);
  const name = configurationName(configuration);
  if (totalSteps === null) {
    throw new UsageError(
      `--halving needs totalSteps, which ${name} does not have: use --set totalSteps=NUMBER.`,
    );
  }
  const { steps } = roundOf(halving, configuration, 1);
  if (steps > learningStarts) return;
  throw new UsageError(
    `--halving ${halving.factor} needs more steps: ${name} has ${count(steps)} of ${count(totalSteps)} in the first of ${halving.rounds} rounds, but learning starts after ${count(learningStarts)}.`,
  );
}

const resolved = ({ changes, recipe }: Configuration): Config => ({
  ...recipeConfig(recipe),
  ...changes,
});

function roundOf(halving: Halving, configuration: Configuration, number: number): Round {
  const { factor, rounds } = halving;
  const { totalSteps } = resolved(configuration);
  return { number, steps: Math.ceil(totalSteps! / factor ** (rounds - number)) };
}

/** Trials of these configurations in a round: each with each seed. */
export function roundTrials(
  halving: Halving,
  configurations: readonly Configuration[],
  number: number,
): Trial[] {
  return configurations.flatMap((configuration) => {
    const { changes, recipe } = configuration;
    const round = roundOf(halving, configuration, number);
    return halving.seeds.map((seed) => ({ recipe, changes, seed, round }));
  });
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const returnOf = ({ finalReturn }: TrialResult) => finalReturn ?? -Infinity;

/**
 * Groups a round's results by configuration, best first: by the mean final return of all seeds, then by fewer steps. A failed trial
 * counts as a return of -Infinity.
 */
export function rankConfigurations(results: readonly TrialResult[]): TrialResult[][] {
  const ranked = groupResults(results).map((trials) => ({
    trials,
    score: mean(trials.map(returnOf)),
    steps: mean(trials.map(({ steps }) => steps ?? Infinity)),
  }));
  // The comparison of two infinities must not be NaN.
  const order = (a: number, b: number) => (a < b ? -1 : a > b ? 1 : 0);
  ranked.sort((a, b) => order(b.score, a.score) || order(a.steps, b.steps));
  return ranked.map(({ trials }) => trials);
}

/** The best 1 / factor of the ranked configurations, at least one. */
export function survivors(halving: Halving, ranked: readonly TrialResult[][]): TrialResult[][] {
  return ranked.slice(0, Math.max(1, Math.floor(ranked.length / halving.factor)));
}

/** The trial with the highest final return among those of one configuration. */
export function bestTrial(trials: readonly TrialResult[]): TrialResult {
  return trials.reduce((best, trial) => (returnOf(trial) > returnOf(best) ? trial : best));
}

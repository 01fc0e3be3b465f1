import {
  AgainstOpponent,
  type ChooseAction,
  randomOpponent,
} from "../environments/againstOpponent.ts";
import type { Environment } from "../environments/environment.ts";
import { refuseUnless } from "../errors.ts";
import type { ActingNetwork } from "../network/actingNetwork.ts";

/** Maximum steps of an evaluation episode, for environments without a time limit. */
export const evaluationStepLimit = 10_000;

/** Results of an evaluation. */
export interface Evaluation {
  /** Returns of the episodes, in order. */
  readonly returns: readonly number[];
  /** Steps of the episodes, in the same order. */
  readonly lengths: readonly number[];
  /** Number of episodes that `evaluationStepLimit` cut off. */
  readonly capped: number;
}

export interface EvaluationOptions {
  readonly episodes: number;
  /** Seed of the environment's first reset. */
  readonly seed: number;
  /** Early exit once the mean return cannot reach `threshold`. `best` is the upper bound of an episode's return. */
  /** Opponent in a two-player game; by default, it moves at random. The policy begins the first, third, ... episode. */
  readonly opponent?: ChooseAction;
  readonly giveUp?: { readonly threshold: number; readonly best: number };
}

/**
 * Plays greedy episodes, without exploration or learning.
 * @throws UsageError unless `options.episodes` is a whole number of at least 1
 */
export function evaluate(
  policy: ActingNetwork,
  environment: Environment,
  options: EvaluationOptions,
): Evaluation {
  refuseUnless(policy?.qValues?.length > 0, "policy", "a Policy's network", policy);
  refuseUnless(
    typeof environment?.step === "function",
    "environment",
    "an Environment",
    environment,
  );
  const episodes = options?.episodes;
  const fits = Number.isInteger(episodes) && episodes > 0;
  refuseUnless(fits, "episodes", "a whole number of at least 1", episodes);
  return playEpisodes(environment, options, greedy(policy));
}

/** Plays greedy episodes. Yields before each one. */
export function playGreedily(
  policy: ActingNetwork,
  environment: Environment,
  options: EvaluationOptions,
): Generator<undefined, Evaluation> {
  return playOneByOne(environment, options, greedy(policy));
}

/** Returns a function that chooses the policy's greedy actions. */
function greedy(policy: ActingNetwork): ChooseAction {
  return (observation, legal) => {
    for (let k = 0; k < observation.length; k++) policy.observation[k] = observation[k]!;
    return policy.greedyAction(legal);
  };
}

/** Plays episodes with the actions that `choose` returns. Calls `onReset` after each reset. */
export function playEpisodes(
  environment: Environment,
  options: EvaluationOptions,
  choose: ChooseAction,
  onReset?: () => void,
): Evaluation {
  const playing = playOneByOne(environment, options, choose, onReset);
  for (;;) {
    const { done, value } = playing.next();
    if (done) return value;
  }
}

/** Plays episodes like `playEpisodes`. Yields before each one, so that the caller can pause there. */
function* playOneByOne(
  game: Environment,
  { episodes, giveUp, opponent, seed }: EvaluationOptions,
  choose: ChooseAction,
  onReset?: () => void,
): Generator<undefined, Evaluation> {
  const environment =
    game.players === 2
      ? new AgainstOpponent(game, opponent ?? randomOpponent(game.actionCount, seed))
      : game;
  const returns: number[] = [];
  const lengths: number[] = [];
  let capped = 0;
  let total = 0;
  for (let episode = 0; episode < episodes; episode++) {
    yield;
    let observation = environment.reset(episode === 0 ? { seed } : undefined);
    onReset?.();
    let episodeReturn = 0;
    let step = 0;
    for (;;) {
      step++;
      const legal = environment.legalActions?.() ?? null;
      const result = environment.step(choose(observation, legal));
      episodeReturn += result.reward;
      observation = result.observation;
      if (result.terminated || result.truncated) break;
      if (step === evaluationStepLimit) {
        capped++;
        break;
      }
    }
    returns.push(episodeReturn);
    lengths.push(step);
    total += episodeReturn;
    const left = episodes - returns.length;
    if (giveUp && total + left * giveUp.best < giveUp.threshold * episodes) break;
  }
  return { returns, lengths, capped };
}

/** Mean, population standard deviation, minimum and maximum of at least one number. */
export function summarize(values: readonly number[]): {
  mean: number;
  std: number;
  min: number;
  max: number;
} {
  const fits = Array.isArray(values) && values.length > 0;
  refuseUnless(fits, "values", "a list of at least one number", values);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.map((value) => (value - mean) * (value - mean));
  const variance = squares.reduce((sum, square) => sum + square, 0) / values.length;
  // Math.min(...values) overflows the stack with a million values.
  const min = values.reduce((a, b) => Math.min(a, b), Infinity);
  const max = values.reduce((a, b) => Math.max(a, b), -Infinity);
  return { mean, std: Math.sqrt(variance), min, max };
}

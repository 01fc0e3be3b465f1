import {
  AgainstOpponent,
  type ChooseAction,
  randomActions,
} from "../environments/againstOpponent.ts";
import type { Environment } from "../environments/environment.ts";
import { refuseUnless } from "../errors.ts";

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
  /** Opponent in a two-player game; by default, it moves at random. The policy begins the first, third, ... episode. */
  readonly opponent?: ChooseAction;
  /** Early exit once the mean return cannot reach `threshold`. `best` is the upper bound of an episode's return. */
  readonly giveUp?: { readonly threshold: number; readonly best: number };
}

/** Plays episodes with the actions that `choose` returns. Calls `onReset` after each reset. */
export function playEpisodes(
  environment: Environment,
  options: EvaluationOptions,
  choose: ChooseAction,
  onReset?: () => void,
): Evaluation {
  return playToEnd(playOneByOne(environment, options, choose, onReset));
}

/** Plays an evaluation to its end. */
export function playToEnd(playing: Generator<undefined, Evaluation>): Evaluation {
  for (;;) {
    const { done, value } = playing.next();
    if (done) return value;
  }
}

/** Plays episodes like `playEpisodes`. Yields before each one, so that the caller can pause there. */
export function* playOneByOne(
  game: Environment,
  options: EvaluationOptions,
  choose: ChooseAction,
  onReset?: () => void,
): Generator<undefined, Evaluation> {
  const environment =
    game.players === 2
      ? new AgainstOpponent(game, options.opponent ?? randomActions(game.actionCount, options.seed))
      : game;
  const returns: number[] = [];
  const lengths: number[] = [];
  let capped = 0;
  let total = 0;
  for (let episode = 0; episode < options.episodes; episode++) {
    yield;
    let observation = environment.reset(episode === 0 ? { seed: options.seed } : undefined);
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
    if (isOutOfReach(total, returns.length, options)) break;
  }
  return { returns, lengths, capped };
}

/** Whether the mean return cannot reach the threshold of `giveUp` after `played` episodes with the sum of returns `total`. */
export function isOutOfReach(
  total: number,
  played: number,
  { episodes, giveUp }: EvaluationOptions,
): boolean {
  if (giveUp === undefined) return false;
  return total + (episodes - played) * giveUp.best < giveUp.threshold * episodes;
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

import type { Environment } from "../environments/environment.ts";
import { refuseUnless } from "../errors.ts";
import type { ActingNetwork } from "../network/actingNetwork.ts";

/** Where an environment sets no time limit, evaluation does. */
export const evaluationStepLimit = 10_000;

/** Returns of the episodes of an evaluation, in order. */
export interface Evaluation {
  readonly returns: readonly number[];
  /** Their steps. */
  readonly lengths: readonly number[];
  /** Episodes that ran into `evaluationStepLimit`. */
  readonly capped: number;
}

export interface EvaluationOptions {
  readonly episodes: number;
  /** Seeds the environment at the first reset. */
  readonly seed: number;
  /** Stop as soon as the mean return over all episodes cannot reach this any more, given that no episode returns more than `best`. */
  readonly giveUp?: { readonly threshold: number; readonly best: number };
}

/**
 * Plays greedy episodes: no exploration, no learning, nothing of the training run is touched.
 * @throws UsageError unless `options.episodes` is a whole number of at least 1
 */
export function evaluate(
  policy: ActingNetwork,
  environment: Environment,
  options: EvaluationOptions,
): Evaluation {
  refuseUnless(policy?.qValues?.length > 0, "policy", "a Policy's network", policy);
  refuseUnless(typeof environment?.step === "function", "environment", "one", environment);
  const episodes = options?.episodes;
  const some = Number.isInteger(episodes) && episodes > 0;
  refuseUnless(some, "episodes", "a whole number of at least 1", episodes);
  return playEpisodes(environment, options, greedy(policy));
}

/** Chooses a policy's greedy actions. */
export function greedy(policy: ActingNetwork): (observation: ArrayLike<number>) => number {
  return (observation) => {
    for (let k = 0; k < observation.length; k++) policy.observation[k] = observation[k]!;
    return policy.greedyAction();
  };
}

/** Plays episodes with any way of choosing actions. `onReset` is told of each start. */
export function playEpisodes(
  environment: Environment,
  options: EvaluationOptions,
  choose: (observation: ArrayLike<number>) => number,
  onReset?: () => void,
): Evaluation {
  const playing = playOneByOne(environment, options, choose, onReset);
  for (;;) {
    const { done, value } = playing.next();
    if (done) return value;
  }
}

/** `playEpisodes` that stops before each episode, so that it can be interrupted there. */
export function* playOneByOne(
  environment: Environment,
  { episodes, seed, giveUp }: EvaluationOptions,
  choose: (observation: ArrayLike<number>) => number,
  onReset?: () => void,
): Generator<undefined, Evaluation> {
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
      const result = environment.step(choose(observation));
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

/** Mean, population standard deviation, least and greatest of at least one number. */
export function summarize(values: readonly number[]): {
  mean: number;
  std: number;
  min: number;
  max: number;
} {
  const fit = Array.isArray(values) && values.length > 0;
  refuseUnless(fit, "values", "a list of at least one number", values);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.map((value) => (value - mean) * (value - mean));
  const variance = squares.reduce((sum, square) => sum + square, 0) / values.length;
  // One after the other: a million of them would be too many arguments of one call.
  const min = values.reduce((a, b) => Math.min(a, b), Infinity);
  const max = values.reduce((a, b) => Math.max(a, b), -Infinity);
  return { mean, std: Math.sqrt(variance), min, max };
}

import type { Evaluation } from "./evaluation.ts";

/** A finished training episode. */
export interface EpisodeRecord {
  /** Number of the episode, from 1. */
  readonly episode: number;
  /** Environment steps of the run so far. */
  readonly steps: number;
  readonly length: number;
  /** Sum of the environment's rewards. */
  readonly return: number;
  /** The return, without the last reward if `failureReward` replaced it. */
  readonly score: number;
  /** Exponential moving average of the scores: 0.99 old + 0.01 new. */
  readonly runningScore: number;
  /** Probability of a random action at the next step. */
  readonly epsilon: number;
  /** Mean return of the greedy episodes after this episode; null without greedy episodes. */
  readonly greedyReturn: number | null;
}

/** Callbacks of a training, called in the order of the events. They must not change the run. */
export interface TrainingObserver {
  /** Called after an episode and its updates. */
  readonly episode?: ((record: EpisodeRecord) => void) | undefined;
  /**
   * Called after an evaluation during training. `best`: its mean return is the highest so far. An evaluation that exited early is
   * never the best.
   */
  readonly evaluation?:
    | ((evaluation: Evaluation, steps: number, best: boolean) => void)
    | undefined;
  /** Called after a new longest episode of more than `saveLongest` steps. */
  readonly longestEpisode?: ((length: number) => void) | undefined;
}

import type { Evaluation } from "./evaluation.ts";

/** What is told of a finished training episode. */
export interface EpisodeRecord {
  /** 1 for the first episode. */
  readonly episode: number;
  /** Environment steps of the run so far. */
  readonly steps: number;
  readonly length: number;
  /** Sum of the environment's own rewards. */
  readonly return: number;
  /** The return without the reward of a step that failed. */
  readonly score: number;
  /** 0.99 of the running score before plus 0.01 of this episode's score. */
  readonly runningScore: number;
  /** The chance of a random action at the next step. */
  readonly epsilon: number;
  /** Mean return of the greedy episodes played after this one; null if there were none. */
  readonly greedyReturn: number | null;
}

/** Told what happens, in order; observers never change a run. */
export interface TrainingObserver {
  /** An episode has ended, with the updates that come after it. */
  readonly episode?: ((record: EpisodeRecord) => void) | undefined;
  /** An evaluation on the way; `best`: its mean is the greatest so far. One that was given up is not compared. */
  readonly evaluation?:
    | ((evaluation: Evaluation, steps: number, best: boolean) => void)
    | undefined;
  /** This is a policy to keep: it has just played the longest episode so far. */
  readonly longest?: ((length: number) => void) | undefined;
}

import type { Config } from "../config/config.ts";

/** Where a run stands, besides its memory: everything here is in a checkpoint. */
export interface RunState {
  /** Environment steps taken. */
  steps: number;
  /** Episodes finished. */
  episodes: number;
  finished: boolean;
  /** Whether the run's own criterion was reached; null if it has none. */
  solved: boolean | null;
  /** 0.99 of itself plus 0.01 of each episode's score. */
  runningScore: number;
  /** Steps of the longest episode so far. */
  longest: number;
  /** The best mean return of a whole evaluation; null before the first. */
  bestEvaluation: number | null;
  /** Of the episode that is being played: its steps, its return, and its score, which leaves out the reward of a failed step. */
  episodeLength: number;
  episodeReturn: number;
  episodeScore: number;
  /** Whether the last step still has to make updates, end its episode or be evaluated. */
  midStep: boolean;
  /** Updates that it still has to make. */
  updatesDue: number;
  /** Whether it ended an episode that is not counted yet: that comes after its updates. */
  ended: boolean;
  /** Of the last 100 finished episodes, the latest last. */
  lastReturns: number[];
  lastLengths: number[];
}

export function newRunState(config: Config): RunState {
  return {
    steps: 0,
    episodes: 0,
    finished: false,
    solved: config.solvedBy === "none" ? null : false,
    runningScore: 0,
    longest: 0,
    bestEvaluation: null,
    episodeLength: 0,
    episodeReturn: 0,
    episodeScore: 0,
    midStep: false,
    updatesDue: 0,
    ended: false,
    lastReturns: [],
    lastLengths: [],
  };
}

/** Keeps a number as the latest of the last 100. */
export function keepLast(values: number[], value: number): void {
  if (values.length === 100) values.shift();
  values.push(value);
}

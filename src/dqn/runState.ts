import type { Config } from "../config/config.ts";

/** Numbers per episode in the plan's `episodes`: length, return, score, frozen opponent. */
export const EPISODE_NUMBERS = 4;

/** State of a run besides its memory. A checkpoint stores all of it. */
export interface RunState {
  /** Environment steps taken. */
  steps: number;
  /** Episodes finished. */
  episodes: number;
  finished: boolean;
  /** Whether the criterion of `solvedBy` was reached; null without a criterion. */
  solved: boolean | null;
  /** Exponential moving average of the episodes' scores: 0.99 old + 0.01 new. */
  runningScore: number;
  /** Steps of the longest finished episode. */
  longestEpisode: number;
  /** Best mean return of a complete evaluation; null before the first. */
  bestEvaluation: number | null;
  /** Whether the last step still needs updates, the end of its episode or an evaluation. */
  midStep: boolean;
  /** Updates that the last step still needs. */
  updatesDue: number;
  /** Whether the last step ended an episode that is not counted yet. It counts after the step's updates. */
  ended: boolean;
  /** Returns and steps of the last 100 finished episodes, oldest first. */
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
    longestEpisode: 0,
    bestEvaluation: null,
    midStep: false,
    updatesDue: 0,
    ended: false,
    lastReturns: [],
    lastLengths: [],
  };
}

/** Numbers of a finished episode. */
export interface FinishedEpisode {
  /** Steps. */
  readonly length: number;
  readonly return: number;
  /** Like the return, without the last reward if `failureReward` replaced it. */
  readonly score: number;
}

/** Counts an episode. Returns whether it is longer than all episodes before. */
export function countEpisode(state: RunState, episode: FinishedEpisode): boolean {
  const { length, score } = episode;
  state.episodes++;
  state.runningScore = 0.99 * state.runningScore + 0.01 * score;
  keepLast(state.lastReturns, episode.return);
  keepLast(state.lastLengths, length);
  const isLongest = length > state.longestEpisode;
  if (isLongest) state.longestEpisode = length;
  return isLongest;
}

/** Appends a number to a list of the last 100. */
function keepLast(values: number[], value: number): void {
  if (values.length === 100) values.shift();
  values.push(value);
}

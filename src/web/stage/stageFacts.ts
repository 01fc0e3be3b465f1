import type { Ending } from "../tabs.ts";

/** Numbers of the episode on the stage. */
export interface StageFacts {
  /** Number of the network's attempt, or of the training episode. */
  readonly attempt: number;
  /** Probability of a random action in the training episode; null if the network plays. */
  readonly exploring: number | null;
  readonly steps: number;
  readonly total: number;
  readonly ending: Ending | null;
  /** Highest total of the network's attempts, or of the training episodes; null before the first ends. */
  readonly best: number | null;
}

export const noFacts: StageFacts = {
  attempt: 1,
  exploring: null,
  steps: 0,
  total: 0,
  ending: null,
  best: null,
};

/** Whether two facts give the same caption. */
export function areSame(one: StageFacts, other: StageFacts): boolean {
  return (
    one.steps === other.steps &&
    one.attempt === other.attempt &&
    one.exploring === other.exploring &&
    (one.ending === null) === (other.ending === null) &&
    one.best === other.best
  );
}

import type { EpisodeRecord } from "../dqn/observer.ts";
import type { Training } from "../dqn/training.ts";
import { regionView } from "../network/arena.ts";
import type { Floats } from "../typedArrays.ts";

/** Progress of a run, small enough to be sent at frame rate. */
export interface Snapshot {
  /** Environment steps, episodes and updates of the run so far. */
  readonly steps: number;
  readonly episodes: number;
  readonly updates: number;
  readonly epsilon: number;
  /** Mean loss of the updates since the previous snapshot; NaN without updates. */
  readonly loss: number;
  /** Mean return of the last 100 training episodes; null before the first ends. */
  readonly meanReturn: number | null;
  /** Training time so far, without pauses. */
  readonly milliseconds: number;
  readonly finished: boolean;
  /** Whether the run's criterion is reached; null if it has none. */
  readonly solved: boolean | null;
  /** Episodes that ended since the previous snapshot, in order. */
  readonly ended: readonly EpisodeRecord[];
  /** Evaluations since the previous snapshot, in order. */
  readonly evaluations: readonly { readonly steps: number; readonly mean: number }[];
  /** Copy of the Q-network's parameters, for `Policy.weights`. */
  readonly weights: Floats;
}

/** Takes a snapshot of `training`. The arguments after it are the snapshot's own fields. */
export function takeSnapshot(
  training: Training,
  milliseconds: number,
  loss: number,
  ended: readonly EpisodeRecord[],
  evaluations: Snapshot["evaluations"],
): Snapshot {
  const { agent, core, plan } = training;
  return {
    steps: training.steps,
    episodes: training.episodes,
    updates: agent.updates,
    epsilon: training.epsilon(),
    loss,
    meanReturn: training.meanReturn100(),
    milliseconds,
    finished: training.finished,
    solved: training.solved,
    ended,
    evaluations,
    weights: regionView(core.buffer, plan.state.online).slice(),
  };
}

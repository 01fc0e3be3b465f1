import type { EpisodeRecord } from "../dqn/observer.ts";
import type { Training } from "../dqn/training.ts";
import type { Floats } from "../typedArrays.ts";

/** How a run stands, small enough to be sent at frame rate. */
export interface Snapshot {
  /** Environment steps, episodes and updates of the run so far. */
  readonly steps: number;
  readonly episodes: number;
  readonly updates: number;
  readonly epsilon: number;
  /** Mean loss of the updates since the last snapshot; NaN if there were none. */
  readonly loss: number;
  /** Mean return of the last 100 training episodes; null before the first ends. */
  readonly meanReturn: number | null;
  /** Time spent training so far, pauses not counted. */
  readonly milliseconds: number;
  readonly finished: boolean;
  /** Whether the run's own criterion was reached; null if it has none. */
  readonly solved: boolean | null;
  /** The episodes that ended since the last snapshot, in order. */
  readonly ended: readonly EpisodeRecord[];
  /** The evaluations made since the last snapshot. */
  readonly evaluations: readonly { readonly steps: number; readonly mean: number }[];
  /** The Q-network's parameters as they are now, for `Policy.weights`. */
  readonly weights: Floats;
}

/** State of `training`. The other values are those since the last snapshot. */
export function takeSnapshot(
  training: Training,
  milliseconds: number,
  loss: number,
  ended: readonly EpisodeRecord[],
  evaluations: Snapshot["evaluations"],
): Snapshot {
  const { agent, core, plan } = training;
  const { offset, length } = plan.state.online;
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
    weights: new Float32Array(core.buffer, offset, length).slice(),
  };
}

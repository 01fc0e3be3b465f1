import type { EpisodeRecord } from "../dqn/observer.ts";
import { regionView } from "../network/arena.ts";
import type { Floats } from "../typedArrays.ts";
import type { CurvePoint, RecordedTraining } from "./recordedTraining.ts";

/** The training episode in progress, in the first of the `numEnvs` environments. */
export interface CurrentEpisode {
  /** Steps and return so far. */
  readonly length: number;
  readonly return: number;
  /** The current observation; zeros before the run's first step. */
  readonly observation: Floats;
  /** State for `setState` of the same environment, as `Policy.environment` is; null if it has no `getState`. */
  readonly state: Uint8Array | null;
}

/** Progress of a run, small enough to be sent at frame rate. */
export interface Snapshot {
  /** Environment steps, episodes and updates of the run so far. */
  readonly steps: number;
  readonly episodes: number;
  readonly updates: number;
  readonly epsilon: number;
  /** Mean loss of the latest point of the learning curves; NaN before the first. */
  readonly loss: number;
  /** Mean return of the last 100 training episodes; null before the first ends. */
  readonly meanReturn: number | null;
  /** Training time so far, without pauses. */
  readonly milliseconds: number;
  readonly finished: boolean;
  /** Whether the run's criterion is reached; null without a criterion. */
  readonly solved: boolean | null;
  /** Points of the learning curves since the previous snapshot, in order. */
  readonly points: readonly CurvePoint[];
  readonly current: CurrentEpisode;
  /** Last observation of the latest training episode that ended; null before the first ends. */
  readonly lastObservation: Floats | null;
  /** Episodes that ended since the previous snapshot, in order. */
  readonly ended: readonly EpisodeRecord[];
  /** Evaluations since the previous snapshot, in order. */
  readonly evaluations: readonly { readonly steps: number; readonly mean: number }[];
  /** Copy of the Q-network's parameters, for `Policy.weights`. */
  readonly weights: Floats;
}

/** Takes a snapshot of `training`. The arguments after it are the snapshot's own fields. */
export function takeSnapshot(
  training: RecordedTraining,
  milliseconds: number,
  lastObservation: Floats | null,
  ended: readonly EpisodeRecord[],
  evaluations: Snapshot["evaluations"],
): Snapshot {
  const { agent, core, plan } = training;
  const { environment, length, observation, return: current } = training.actors[0]!;
  return {
    steps: training.steps,
    episodes: training.episodes,
    updates: agent.updates,
    epsilon: training.epsilon(),
    loss: training.lastLoss,
    meanReturn: training.meanReturn100(),
    milliseconds,
    finished: training.finished,
    solved: training.solved,
    points: training.takePoints(),
    current: {
      length,
      return: current,
      observation: observation.slice(),
      state: environment.getState?.() ?? null,
    },
    lastObservation,
    ended,
    evaluations,
    weights: regionView(core.buffer, plan.state.online).slice(),
  };
}

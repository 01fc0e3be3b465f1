import type { ActingPlan } from "../network/actingPlan.ts";
import type { Region } from "../network/arena.ts";
import type { BatchPlan, BatchScratch } from "../network/batchPlan.ts";
import type { TransitionLayout } from "./transition.ts";

/** State that a checkpoint stores under these names. */
export type TrainingState = {
  /** Random streams of exploration and of replay sampling, 4 words each. */
  readonly explorationStream: Region<"u32">;
  readonly replayStream: Region<"u32">;
  /** (numEnvs, observationSize): the current observations. */
  readonly observation: Region;
  /** Parameters of the Q-network and of the target network, which is empty in PQN. */
  readonly online: Region;
  readonly target: Region;
  /** (trainable) each: moments of the optimizer. */
  readonly firstMoment: Region;
  readonly secondMoment: Region;
  /** (numEnvs, nSteps, transition.nextObservation + 2) float64: steps with an incomplete n-step return; see `NStepReturns`. Empty in PQN. */
  readonly pending: Region<"f64">;
  /** (numEnvs, 2): number of these steps, and row of the first. */
  readonly pendingCounts: Region<"u32">;
  /** (numEnvs, 2): rows of the current and the next state in `replay.states`; see `ByteReturns`. Empty for float32 observations. */
  readonly stateRows: Region;
  /** (3): see `StateRing`; empty for float32 observations. */
  readonly stateCounts: Region<"u32">;
  /** (numEnvs, 4): the current episodes; see `Actor`. */
  readonly episodes: Region<"f64">;
  /** (numEnvs): greedy actions of the current round; empty for one environment. */
  readonly greedyActions: Region<"u32">;
  /** (numEnvs): their Q-values; empty in DQN, as are the regions of the rollout. */
  readonly greedyValues: Region;
  /** (numEnvs numSteps + 1, observationSize rounded up to a multiple of 4), in the observations' type. The last row is padding, here and below. */
  readonly rolloutObservations: Region | Region<"u8">;
  /** (numEnvs numSteps + 1, 4): action, reward, discount and value or target; see `Rollout`. */
  readonly rolloutSteps: Region;
  /** (numEnvs numSteps): the rows in the order of the current epoch. */
  readonly rolloutOrder: Region<"u32">;
  /** (1): stored steps of the current rollout. */
  readonly rolloutCount: Region<"u32">;
  /** (1 + 2 observationSize): see `ObservationStatistics`; empty without normalisation. */
  readonly observationSums: Region<"f64">;
  /** (opponentPool, parameters): frozen Q-networks for self-play. */
  readonly opponents: Region;
  /** (1): how many were made; empty without opponents. */
  readonly opponentCopies: Region<"u32">;
};

/** State of the replay buffer. A checkpoint stores only its used rows. */
export interface ReplayRegions {
  /** (bufferSize + 1, stride). The last row is the padding transition: zeros, with action -1. Only that row in PQN. */
  readonly table: Region;
  /** (states + 1, observationSize rounded up to a multiple of 4) bytes; see `StateRing`. Empty for float32 observations. */
  readonly states: Region<"u8">;
  /** Binary trees (float64) of the priorities' sums and minima, see `SumTree`; empty without prioritised replay. */
  readonly prioritySums: Region<"f64">;
  readonly priorityMinima: Region<"f64">;
}

/** Memory without state: a checkpoint leaves it out. */
export interface TrainingScratch extends BatchScratch {
  /** (bufferSize) u32: number of the last batch that sampled each row. */
  readonly lastSampled: Region<"u32">;
  /** (max(batch, batchSize)) u32: sampled rows. Padding columns refer to the padding transition. */
  readonly indices: Region<"u32">;
  /** (8) u32: one sampled row and padding; empty without updatePerTransition. */
  readonly singleIndex: Region<"u32">;
  /** (transition.size, batch): the gathered batch. In PQN: observation, action, reward, discount, target. */
  readonly transitions: Region;
  /** (2 observationSize, batch): the batch's observations and next observations; empty for float32 observations and in PQN. */
  readonly states: Region;
  /** (batch) float32: the rows in `indices`, for bytes of a rollout; else empty. */
  readonly rolloutRows: Region;
  /** (batch) each: TD targets, TD errors, importance weights. PQN has its targets in `transitions`. */
  readonly targets: Region;
  readonly errors: Region;
  readonly weights: Region;
  /** (1): loss of the last update. */
  readonly loss: Region;
  /** (actions, batch) each: Q-values of the next states by the target network and, for Double DQN, by the Q-network. */
  readonly nextQ: Region;
  readonly onlineNextQ: Region;
  readonly acting: ActingPlan;
  /** Acting on all environments at once; null for one environment, except in PQN. */
  readonly actingAll: ActingPlan | null;
  readonly evaluationActing: ActingPlan;
  /** Acting of each frozen opponent. */
  readonly opponentActing: readonly ActingPlan[];
  readonly evaluationEnvironment: Region<"u8">;
}

/** Arrays of a training run. */
export interface TrainingRegions extends BatchPlan {
  readonly transition: TransitionLayout;
  readonly state: TrainingState;
  readonly environment: Region<"u8">;
  readonly replay: ReplayRegions;
  readonly scratch: TrainingScratch;
}

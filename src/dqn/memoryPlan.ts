import { type ActingPlan, planActing } from "../network/actingPlan.ts";
import { Arena, CACHE_LINE_BYTES, type Region } from "../network/arena.ts";
import type { BatchPlan, BatchScratch } from "../network/batchPlan.ts";
import type { NetworkShape } from "../network/networkShape.ts";
import { layOutParameters, type ParameterLayout } from "../network/parameterLayout.ts";
import { layOutTransition, type TransitionLayout } from "./transition.ts";

/** Sizes that determine a training memory. */
export interface TrainingSizes {
  readonly shape: NetworkShape;
  readonly bufferSize: number;
  readonly batchSize: number;
  readonly updatePerTransition: boolean;
  readonly nSteps: number;
  readonly prioritized: boolean;
  /** Bytes of the environment's state; 0 if it is outside this memory. */
  readonly environmentBytes: number;
}

/** State that a checkpoint stores under these names. */
export type TrainingState = {
  /** Random streams of exploration and of replay sampling, 4 words each. */
  readonly explorationStream: Region<"u32">;
  readonly replayStream: Region<"u32">;
  /** (observationSize): the current observation. */
  readonly observation: Region;
  /** Parameters of the Q-network and of the target network. */
  readonly online: Region;
  readonly target: Region;
  /** (trainable) each: moments of the optimizer. */
  readonly firstMoment: Region;
  readonly secondMoment: Region;
  /** (nSteps, observationSize + 2) float64: steps with an incomplete n-step return; see `NStepReturns`. */
  readonly pending: Region<"f64">;
};

/** State of the replay buffer. A checkpoint stores only its used rows. */
export interface ReplayRegions {
  /** (bufferSize + 1, stride). The last row is the padding transition: zeros, with action -1. */
  readonly table: Region;
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
  /** (transition.size, batch): the gathered batch. */
  readonly transitions: Region;
  /** (batch) each: TD targets, TD errors, importance weights. */
  readonly targets: Region;
  readonly errors: Region;
  readonly weights: Region;
  /** (actions, batch) each: Q-values of the next states by the target network and, for Double DQN, by the Q-network. */
  readonly nextQ: Region;
  readonly onlineNextQ: Region;
  readonly acting: ActingPlan;
  readonly evaluationActing: ActingPlan;
  readonly evaluationEnvironment: Region<"u8">;
}

/** Memory layout of a training run: first state, then scratch. */
export interface TrainingPlan extends BatchPlan {
  readonly transition: TransitionLayout;
  readonly state: TrainingState;
  readonly environment: Region<"u8">;
  readonly replay: ReplayRegions;
  readonly scratch: TrainingScratch;
  readonly bytes: number;
}

/** Vectors of the batch are 8 floats wide: two SIMD registers. */
const COLUMN_BLOCK = 8;

/**
 * Batches of a multiple of this get 8 more columns. Rows of a multiple of 2 KiB (1 KiB in wide layers, whose kernels read more rows at
 * once) map to the same lines of the L1 cache and evict each other. The network 1024-1024 with batch 1024 ran at 22 GFLOP/s without
 * the padding and at 56 GFLOP/s with it.
 */
const ALIASING_BATCH = 512;
const ALIASING_BATCH_WIDE = 256;
const WIDE_LAYER = 512;

/** Columns of a batch, padding included. */
function paddedBatch(sizes: TrainingSizes, { layers }: ParameterLayout): number {
  if (sizes.updatePerTransition) return COLUMN_BLOCK;
  const columns = roundedBatch(sizes);
  const widest = Math.max(...layers.map(({ outputs }) => outputs));
  const aliasing = columns % (widest < WIDE_LAYER ? ALIASING_BATCH : ALIASING_BATCH_WIDE) === 0;
  return columns + (aliasing ? COLUMN_BLOCK : 0);
}

function roundedBatch({ batchSize }: TrainingSizes): number {
  return Math.ceil(batchSize / COLUMN_BLOCK) * COLUMN_BLOCK;
}

/** Smallest power of 2 that is at least max(rows, 2). A loop, because engines may round Math.log2 differently. */
function leavesFor(rows: number): number {
  let leaves = 2;
  while (leaves < rows) leaves *= 2;
  return leaves;
}

export function planTraining(sizes: TrainingSizes): TrainingPlan {
  const { shape, bufferSize, environmentBytes, nSteps, prioritized, updatePerTransition } = sizes;
  const { actionCount, observationSize } = shape;
  const parameters = layOutParameters(shape);
  const batch = paddedBatch(sizes, parameters);
  const transition = layOutTransition(observationSize);
  const treeSize = prioritized ? 2 * leavesFor(bufferSize) : 0;
  const widest = Math.max(...parameters.layers.map(({ outputs }) => outputs));
  // Kernels read blocks of 32 bytes. A block that crosses a cache line costs two accesses.
  const arena = new Arena(CACHE_LINE_BYTES);
  const state: TrainingState = {
    explorationStream: arena.u32(4),
    replayStream: arena.u32(4),
    observation: arena.f32(observationSize),
    online: arena.f32(parameters.length),
    target: arena.f32(parameters.length),
    firstMoment: arena.f32(parameters.trainable),
    secondMoment: arena.f32(parameters.trainable),
    pending: arena.f64(nSteps * (observationSize + 2)),
  };
  const environment = arena.bytes(environmentBytes);
  const replay: ReplayRegions = {
    table: arena.f32((bufferSize + 1) * transition.stride),
    prioritySums: arena.f64(treeSize),
    priorityMinima: arena.f64(treeSize),
  };
  const scratch: TrainingScratch = {
    gradient: arena.f32(parameters.trainable),
    lastSampled: arena.u32(bufferSize),
    indices: arena.u32(Math.max(roundedBatch(sizes), batch)),
    singleIndex: arena.u32(updatePerTransition ? batch : 0),
    transitions: arena.f32(transition.size * batch),
    targets: arena.f32(batch),
    errors: arena.f32(batch),
    weights: arena.f32(batch),
    q: arena.f32(actionCount * batch),
    nextQ: arena.f32(actionCount * batch),
    onlineNextQ: arena.f32(actionCount * batch),
    dQ: arena.f32(actionCount * batch),
    layers: parameters.layers.map(({ norm, outputs }) => ({
      output: arena.f32(outputs * batch),
      gradient: arena.f32(outputs * batch),
      beforeNorm: arena.f32(norm === null ? 0 : outputs * batch),
      mean: arena.f32(norm === null ? 0 : outputs),
      inverseStd: arena.f32(norm === null ? 0 : outputs),
    })),
    workspace: arena.f32(4 * Math.max(widest, batch)),
    acting: planActing(arena, shape, parameters, state.observation),
    evaluationActing: planActing(arena, shape, parameters),
    evaluationEnvironment: arena.bytes(environmentBytes),
  };
  return {
    shape,
    parameters,
    batch,
    transition,
    state,
    environment,
    replay,
    scratch,
    bytes: arena.end,
  };
}

import type { Recording } from "../kernels/program.ts";
import { planActing } from "../network/actingPlan.ts";
import { Arena, CACHE_LINE_BYTES, type Region } from "../network/arena.ts";
import { planLayers } from "../network/batchPlan.ts";
import type { NetworkShape } from "../network/networkShape.ts";
import { layOutParameters, type ParameterLayout } from "../network/parameterLayout.ts";
import { EPISODE_NUMBERS } from "./runState.ts";
import { STATE_COUNTS, stateRingBytes, stateStride } from "./stateRing.ts";
import type {
  ReplayRegions,
  TrainingRegions,
  TrainingScratch,
  TrainingState,
} from "./trainingRegions.ts";
import { layOutRolloutStep, layOutTransition, STEP_NUMBERS } from "./transition.ts";
import { recordUpdate, type UpdateOptions } from "./update.ts";

/** Values that determine a training memory. */
export interface TrainingSizes extends UpdateOptions {
  readonly shape: NetworkShape;
  /** PQN: steps of a rollout; 0, the default, in DQN. */
  readonly rolloutSize?: number;
  readonly bufferSize: number;
  readonly batchSize: number;
  readonly nSteps: number;
  readonly prioritized: boolean;
  /** Whether transitions hold the next state's legal actions; false by default. */
  readonly hasLegalActions?: boolean;
  /** Whether observations are bytes; false by default. */
  readonly hasByteObservations?: boolean;
  /** Frozen opponents of self-play; 0 by default. */
  readonly opponentCount?: number;
  /** Copies of the environment; 1 by default. */
  readonly numEnvs?: number;
  /** Bytes of the environment's state; 0 if it is outside this memory. */
  readonly environmentBytes: number;
  /** Bytes of an episode that evaluations play in lockstep with others; 0, the default, if they play one by one. */
  readonly episodeBytes?: number;
}

/** Memory layout of a training run: first state, then scratch. */
export interface TrainingPlan extends TrainingRegions {
  /** The kernel calls of an update, and their place in the memory. */
  readonly update: Recording;
  readonly program: Region<"u8">;
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
function paddedBatch(sizes: TrainingSizes, parameters: ParameterLayout): number {
  if (sizes.updatePerTransition) return COLUMN_BLOCK;
  const columns = roundedUp(sizes.batchSize);
  const widest = widestLayer(parameters);
  const aliasing = columns % (widest < WIDE_LAYER ? ALIASING_BATCH : ALIASING_BATCH_WIDE) === 0;
  return columns + (aliasing ? COLUMN_BLOCK : 0);
}

function widestLayer({ layers }: ParameterLayout): number {
  return Math.max(...layers.map(({ layer }) => layer.outputs));
}

function roundedUp(columns: number): number {
  return Math.ceil(columns / COLUMN_BLOCK) * COLUMN_BLOCK;
}

/** Smallest power of 2 that is at least max(rows, 2). A loop, because engines may round Math.log2 differently. */
function leavesFor(rows: number): number {
  let leaves = 2;
  while (leaves < rows) leaves *= 2;
  return leaves;
}

export function planTraining(sizes: TrainingSizes): TrainingPlan {
  const { shape, bufferSize, environmentBytes, episodeBytes = 0 } = sizes;
  const { nSteps, prioritized, updatePerTransition } = sizes;
  const { actionCount, observationSize } = shape;
  const { hasLegalActions = false, numEnvs = 1, opponentCount = 0, rolloutSize = 0 } = sizes;
  const parameters = layOutParameters(shape);
  const batch = paddedBatch(sizes, parameters);
  const { hasByteObservations = false } = sizes;
  const isPqn = rolloutSize > 0;
  const hasStates = hasByteObservations && !isPqn;
  const storedSize = hasStates ? 1 : observationSize;
  const transition = isPqn
    ? layOutRolloutStep(observationSize)
    : layOutTransition(storedSize, hasLegalActions ? actionCount : 0);
  const treeSize = prioritized ? 2 * leavesFor(bufferSize) : 0;
  const widest = widestLayer(parameters);
  const many = numEnvs > 1 || isPqn;
  const rolloutRows = isPqn ? rolloutSize + 1 : 0;
  const normalizes = shape.normalizeObservations;
  // Kernels read blocks of 32 bytes. A block that crosses a cache line costs two accesses.
  const arena = new Arena(CACHE_LINE_BYTES);
  const state: TrainingState = {
    explorationStream: arena.u32(4),
    replayStream: arena.u32(4),
    observation: arena.f32(numEnvs * observationSize),
    online: arena.f32(parameters.length),
    target: arena.f32(isPqn ? 0 : parameters.length),
    firstMoment: arena.f32(parameters.trainable),
    secondMoment: arena.f32(parameters.trainable),
    pending: arena.f64(isPqn ? 0 : numEnvs * nSteps * (storedSize + 2)),
    pendingCounts: arena.u32(2 * numEnvs),
    stateRows: arena.f32(hasStates ? 2 * numEnvs : 0),
    stateCounts: arena.u32(hasStates ? STATE_COUNTS : 0),
    episodes: arena.f64(EPISODE_NUMBERS * numEnvs),
    greedyActions: arena.u32(many ? numEnvs : 0),
    greedyValues: arena.f32(isPqn ? numEnvs : 0),
    rolloutObservations: hasByteObservations
      ? arena.bytes(rolloutRows * stateStride(observationSize))
      : arena.f32(rolloutRows * stateStride(observationSize)),
    rolloutSteps: arena.f32(rolloutRows * STEP_NUMBERS),
    rolloutOrder: arena.u32(rolloutSize),
    rolloutCount: arena.u32(isPqn ? 1 : 0),
    observationSums: arena.f64(normalizes ? 1 + 2 * observationSize : 0),
    opponents: arena.f32(opponentCount * parameters.length),
    opponentCopies: arena.u32(opponentCount > 0 ? 1 : 0),
  };
  const onlinePtr = state.online.offset;
  const environment = arena.bytes(numEnvs * environmentBytes);
  const replay: ReplayRegions = {
    table: arena.f32((bufferSize + 1) * transition.stride),
    states: arena.bytes(
      hasStates ? stateRingBytes(bufferSize, numEnvs * nSteps, observationSize) : 0,
    ),
    prioritySums: arena.f64(treeSize),
    priorityMinima: arena.f64(treeSize),
  };
  const layers = planLayers(arena, parameters, batch);
  const scratch: TrainingScratch = {
    gradient: arena.f32(parameters.trainable),
    lastSampled: arena.u32(bufferSize),
    indices: arena.u32(Math.max(roundedUp(sizes.batchSize), batch)),
    singleIndex: arena.u32(updatePerTransition ? batch : 0),
    transitions: arena.f32(transition.size * batch),
    states: arena.f32(hasStates ? 2 * observationSize * batch : 0),
    rolloutRows: arena.f32(isPqn && hasByteObservations ? batch : 0),
    targets: arena.f32(batch),
    errors: arena.f32(batch),
    weights: arena.f32(batch),
    q: layers.at(-1)!.output,
    nextQ: arena.f32(actionCount * batch),
    onlineNextQ: arena.f32(actionCount * batch),
    dQ: layers.at(-1)!.gradient,
    workspace: arena.f32(4 * Math.max(4 * widest, batch)),
    acting: planActing(arena, parameters, onlinePtr, {
      observation: many ? undefined : state.observation,
    }),
    actingAll: many
      ? planActing(arena, parameters, onlinePtr, { widths: [roundedUp(numEnvs)] })
      : null,
    evaluationActing: planActing(arena, parameters, onlinePtr, { episodeBytes }),
    opponentActing: Array.from({ length: opponentCount }, (_, k) =>
      planActing(arena, parameters, state.opponents.offset + 4 * parameters.length * k),
    ),
    evaluationEnvironment: arena.bytes(environmentBytes),
    loss: arena.f32(1),
  };
  const network = { shape, parameters, batch, layers };
  const regions = { ...network, transition, state, environment, replay, scratch };
  const update = recordUpdate(regions, sizes);
  const program = arena.bytes(update.bytes);
  return { ...regions, update, program, bytes: arena.end };
}

import { type ActingPlan, planActing } from "../network/actingPlan.ts";
import { Chain, type Region } from "../network/arena.ts";
import type { BatchPlan } from "../network/batchPlan.ts";
import type { NetworkShape } from "../network/networkShape.ts";
import { layOutParameters } from "../network/parameterLayout.ts";

/** What decides the size of a training memory. */
export interface TrainingSizes {
  readonly shape: NetworkShape;
  readonly bufferSize: number;
  readonly batchSize: number;
  readonly updatePerTransition: boolean;
  readonly nSteps: number;
  readonly prioritized: boolean;
  /** Bytes a built-in environment keeps its state in; 0 for one that keeps its own. */
  readonly environmentBytes: number;
}

/**
 * The memory of a training run. First what the run is (random streams, environment, parameters, optimizer, replay), then
 * scratch that every step writes anew.
 */
export interface TrainingPlan extends BatchPlan {
  /**
   * Columns of what the network sees at once, padding included: batchSize rounded up to a multiple of 8, or 8 where
   * transitions are learned from one by one. Many rows of a whole number of KiB would crowd each other out of the same
   * lines of the cache: such a batch is 8 columns wider.
   */
  readonly batch: number;
  /** Floats of a transition: observation, next observation, action, reward, discount. */
  readonly transitionSize: number;
  /** Floats from one transition to the next: transitionSize rounded up to a multiple of 4. */
  readonly transitionStride: number;

  /** The exploration stream and the replay stream, 4 words each. */
  readonly explorationStream: Region;
  readonly replayStream: Region;
  readonly environment: Region;
  readonly online: Region;
  readonly target: Region;
  /** The optimizer's two numbers for each learned parameter. */
  readonly firstMoment: Region;
  readonly secondMoment: Region;
  /** (bufferSize + 1, transitionStride); the last row is the padding transition, all zero but its action, -1. */
  readonly replay: Region;
  /** (nSteps, observation + action + reward) float64: steps whose n-step return is not complete yet. */
  readonly pending: Region;
  /** Two binary trees of float64 over the rows, of sums and of minima; empty without prioritised replay. */
  readonly prioritySums: Region;
  readonly priorityMinima: Region;

  /** (bufferSize) u32: the number of the last batch that took the row. */
  readonly lastTaken: Region;
  /** (batch, or batchSize where that is more) u32: the replay rows chosen; those of padding are the padding transition's. */
  readonly rows: Region;
  /** (8) u32: one chosen row and padding, to learn from it alone; empty where the whole batch is learned from at once. */
  readonly singleRow: Region;
  /** (transitionSize, batch): the batch, a feature a row. */
  readonly transitions: Region;
  /** (batch) each: TD targets, TD errors, importance weights. */
  readonly targets: Region;
  readonly errors: Region;
  readonly weights: Region;
  /** (actions, batch) each: Q-values of the next states by the target network, and by the Q-network in Double DQN. */
  readonly nextQ: Region;
  readonly choosingQ: Region;
  readonly acting: ActingPlan;
  readonly evaluationActing: ActingPlan;
  readonly evaluationEnvironment: Region;
  readonly bytes: number;
}

/** The least power of 2 that is at least `rows`, and 2: counted up to, since engines may round a logarithm differently. */
function leavesFor(rows: number): number {
  let leaves = 2;
  while (leaves < rows) leaves *= 2;
  return leaves;
}

export function planTraining(sizes: TrainingSizes): TrainingPlan {
  const { shape, bufferSize, environmentBytes, nSteps, prioritized, updatePerTransition } = sizes;
  const parameters = layOutParameters(shape);
  const rowCount = Math.ceil(sizes.batchSize / 8) * 8;
  const widest = Math.max(...parameters.layers.map(({ outputs }) => outputs));
  const crowded = rowCount % (widest < 512 ? 512 : 256) === 0;
  const batch = updatePerTransition ? 8 : rowCount + (crowded ? 8 : 0);
  const transitionSize = 2 * shape.observationSize + 3;
  const transitionStride = Math.ceil(transitionSize / 4) * 4;
  const treeSize = prioritized ? 2 * leavesFor(bufferSize) : 0;
  const qSize = shape.actionCount * batch;
  const chain = new Chain();
  return {
    shape,
    parameters,
    batch,
    transitionSize,
    transitionStride,
    explorationStream: chain.words(4),
    replayStream: chain.words(4),
    environment: chain.bytes(environmentBytes),
    online: chain.words(parameters.length),
    target: chain.words(parameters.length),
    firstMoment: chain.words(parameters.learned),
    secondMoment: chain.words(parameters.learned),
    replay: chain.words((bufferSize + 1) * transitionStride),
    pending: chain.doubles(nSteps * (shape.observationSize + 2)),
    prioritySums: chain.doubles(treeSize),
    priorityMinima: chain.doubles(treeSize),
    gradient: chain.words(parameters.learned),
    lastTaken: chain.words(bufferSize),
    rows: chain.words(Math.max(rowCount, batch)),
    singleRow: chain.words(updatePerTransition ? batch : 0),
    transitions: chain.words(transitionSize * batch),
    targets: chain.words(batch),
    errors: chain.words(batch),
    weights: chain.words(batch),
    q: chain.words(qSize),
    nextQ: chain.words(qSize),
    choosingQ: chain.words(qSize),
    dQ: chain.words(qSize),
    layers: parameters.layers.map(({ norm, outputs }) => ({
      output: chain.words(outputs * batch),
      gradient: chain.words(outputs * batch),
      beforeNorm: chain.words(norm === null ? 0 : outputs * batch),
      mean: chain.words(norm === null ? 0 : outputs),
      inverseStd: chain.words(norm === null ? 0 : outputs),
    })),
    scratch: chain.words(4 * Math.max(widest, batch)),
    acting: planActing(chain, shape, parameters),
    evaluationActing: planActing(chain, shape, parameters),
    evaluationEnvironment: chain.bytes(environmentBytes),
    bytes: chain.end,
  };
}

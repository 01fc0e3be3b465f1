import { Arena, type Region } from "../network/arena.ts";
import type { NetworkShape } from "../network/networkShape.ts";
import { layOutParameters, type ParameterLayout } from "../network/parameterLayout.ts";

/** Scratch for choosing an action: the observation, each layer's output for that one observation, and the Q-values. */
export interface ActingPlan {
  readonly observation: Region;
  readonly outputs: readonly Region[];
  readonly q: Region;
}

function planActing(arena: Arena, shape: NetworkShape, parameters: ParameterLayout): ActingPlan {
  return {
    observation: arena.words(shape.observationSize),
    outputs: parameters.layers.map((layer) => arena.words(layer.outputs)),
    q: arena.words(shape.actionCount),
  };
}

/** The memory of a policy alone: its parameters, scratch for acting, and room for its environment. */
export interface PolicyPlan {
  readonly shape: NetworkShape;
  readonly parameters: ParameterLayout;
  readonly online: Region;
  readonly acting: ActingPlan;
  readonly environment: Region;
  readonly bytes: number;
}

export function planPolicy(shape: NetworkShape, environmentBytes: number): PolicyPlan {
  const arena = new Arena();
  const parameters = layOutParameters(shape);
  const online = arena.words(parameters.length);
  const acting = planActing(arena, shape, parameters);
  const environment = arena.bytes(environmentBytes);
  return { shape, parameters, online, acting, environment, bytes: arena.end };
}

/** Scratch of a layer for a batch, each (outputs, batch) but for the statistics. */
export interface LayerScratch {
  /** What comes out of the layer: after normalisation and activation. */
  readonly output: Region;
  /** The loss's gradient with respect to it. */
  readonly gradient: Region;
  /** Before normalisation, and the batch's mean and inverse standard deviation (outputs); empty without it. */
  readonly beforeNorm: Region;
  readonly mean: Region;
  readonly inverseStd: Region;
}

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
export interface TrainingPlan {
  readonly shape: NetworkShape;
  readonly parameters: ParameterLayout;
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
  /** The optimizer's two numbers for each trainable parameter. */
  readonly firstMoment: Region;
  readonly secondMoment: Region;
  /** (bufferSize + 1, transitionStride); the last row is the padding transition, all zero but its action, -1. */
  readonly replay: Region;
  /** (nSteps, observation + action + reward) float64: steps whose n-step return is not complete yet. */
  readonly pending: Region;
  /** Two binary trees of float64 over the rows, of sums and of minima; empty without prioritised replay. */
  readonly prioritySums: Region;
  readonly priorityMinima: Region;

  readonly gradient: Region;
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
  /** (actions, batch) each: Q-values of the states, of the next states, and those that choose in Double DQN. */
  readonly q: Region;
  readonly nextQ: Region;
  readonly choosingQ: Region;
  /** (actions, batch): the loss's gradient with respect to q. */
  readonly dQ: Region;
  readonly layers: readonly LayerScratch[];
  /** (4, batch) or (outputs of the widest layer, 4): what the backward kernels put side by side. */
  readonly scratch: Region;
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
  const arena = new Arena();
  return {
    shape,
    parameters,
    batch,
    transitionSize,
    transitionStride,
    explorationStream: arena.words(4),
    replayStream: arena.words(4),
    environment: arena.bytes(environmentBytes),
    online: arena.words(parameters.length),
    target: arena.words(parameters.length),
    firstMoment: arena.words(parameters.trainable),
    secondMoment: arena.words(parameters.trainable),
    replay: arena.words((bufferSize + 1) * transitionStride),
    pending: arena.doubles(nSteps * (shape.observationSize + 2)),
    prioritySums: arena.doubles(treeSize),
    priorityMinima: arena.doubles(treeSize),
    gradient: arena.words(parameters.trainable),
    lastTaken: arena.words(bufferSize),
    rows: arena.words(Math.max(rowCount, batch)),
    singleRow: arena.words(updatePerTransition ? batch : 0),
    transitions: arena.words(transitionSize * batch),
    targets: arena.words(batch),
    errors: arena.words(batch),
    weights: arena.words(batch),
    q: arena.words(qSize),
    nextQ: arena.words(qSize),
    choosingQ: arena.words(qSize),
    dQ: arena.words(qSize),
    layers: parameters.layers.map(({ norm, outputs }) => ({
      output: arena.words(outputs * batch),
      gradient: arena.words(outputs * batch),
      beforeNorm: arena.words(norm === null ? 0 : outputs * batch),
      mean: arena.words(norm === null ? 0 : outputs),
      inverseStd: arena.words(norm === null ? 0 : outputs),
    })),
    scratch: arena.words(4 * Math.max(widest, batch)),
    acting: planActing(arena, shape, parameters),
    evaluationActing: planActing(arena, shape, parameters),
    evaluationEnvironment: arena.bytes(environmentBytes),
    bytes: arena.end,
  };
}

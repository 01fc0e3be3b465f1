import type { NetworkShape } from "./networkShape.ts";

/** A part of the memory: `length` elements from byte `offset` on. */
export interface Region {
  readonly offset: number;
  readonly length: number;
}

/** A weight or bias tensor: its PyTorch name, its shape, and where it starts within a parameter region, in bytes. */
export interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly length: number;
}

/** One dense layer's sizes and tensors. */
export interface LayerPlan {
  readonly inputs: number;
  readonly outputs: number;
  readonly weight: Tensor;
  readonly bias: Tensor;
}

/** Names and places of a network's parameters within any region that holds a copy of them. */
export interface ParameterLayout {
  readonly layers: readonly LayerPlan[];
  /** In the order of the policy file: fc1.weight, fc1.bias, fc2.weight, ... */
  readonly tensors: readonly Tensor[];
  /** Floats in all, alignment padding included; a multiple of 4. */
  readonly length: number;
}

const ALIGNMENT = 16;

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/** Hands out one region after another: each starts where the one before it ends, at the next multiple of 16. */
class Chain {
  end = 0;

  #take(length: number, bytesPerElement: number): Region {
    const offset = this.end;
    this.end = aligned(offset + length * bytesPerElement);
    return { offset, length };
  }

  words(length: number): Region {
    return this.#take(length, 4);
  }

  bytes(length: number): Region {
    return this.#take(length, 1);
  }
}

/** Lays out fc1.weight (out, in), fc1.bias (out), fc2.weight, ... each on a 16-byte boundary. */
export function layOutParameters(shape: NetworkShape): ParameterLayout {
  const chain = new Chain();
  const tensor = (name: string, ...dimensions: number[]): Tensor => ({
    name,
    shape: dimensions,
    ...chain.words(dimensions.reduce((product, size) => product * size, 1)),
  });
  const sizes = [shape.observationSize, ...shape.hiddenSizes, shape.actionCount];
  const layers = sizes.slice(1).map((outputs, k) => {
    const inputs = sizes[k]!;
    return {
      inputs,
      outputs,
      weight: tensor(`fc${k + 1}.weight`, outputs, inputs),
      bias: tensor(`fc${k + 1}.bias`, outputs),
    };
  });
  return {
    layers,
    tensors: layers.flatMap((layer) => [layer.weight, layer.bias]),
    length: chain.end / 4,
  };
}

/** Scratch for choosing an action: the observation, then each layer's output for that one observation. */
export interface ActingPlan {
  readonly observation: Region;
  readonly outputs: readonly Region[];
}

function planActing(chain: Chain, shape: NetworkShape, parameters: ParameterLayout): ActingPlan {
  return {
    observation: chain.words(shape.observationSize),
    outputs: parameters.layers.map((layer) => chain.words(layer.outputs)),
  };
}

/** The memory of a policy alone: its parameters, scratch for acting, and room for its environment. */
export interface PolicyPlan {
  readonly parameters: ParameterLayout;
  readonly online: Region;
  readonly acting: ActingPlan;
  readonly environment: Region;
  readonly bytes: number;
}

export function planPolicy(shape: NetworkShape, environmentBytes: number): PolicyPlan {
  const chain = new Chain();
  const parameters = layOutParameters(shape);
  const online = chain.words(parameters.length);
  const acting = planActing(chain, shape, parameters);
  const environment = chain.bytes(environmentBytes);
  return { parameters, online, acting, environment, bytes: chain.end };
}

/** What decides the size of a training memory. */
export interface TrainingSizes {
  readonly shape: NetworkShape;
  readonly bufferSize: number;
  readonly batchSize: number;
  /** Bytes a built-in environment keeps its state in; 0 for one that keeps its own. */
  readonly environmentBytes: number;
}

/**
 * The memory of a training run. First what the run is (random streams, environment, parameters, optimizer, replay), then
 * scratch that every step writes anew.
 */
export interface TrainingPlan {
  readonly parameters: ParameterLayout;
  /** Columns of a batch, padding included: batchSize rounded up to a multiple of 8. */
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
  readonly adamMean: Region;
  readonly adamVariance: Region;
  /** (bufferSize + 1, transitionStride); the last row is the padding transition, all zero but its action, -1. */
  readonly replay: Region;

  readonly gradient: Region;
  /** (bufferSize) u32: the number of the last batch that took the row. */
  readonly lastTaken: Region;
  /** (batch) u32: the replay rows of a batch; padding columns point at the padding transition. */
  readonly rows: Region;
  /** (transitionSize, batch): the batch, a feature a row. */
  readonly transitions: Region;
  /** (batch) TD targets. */
  readonly targets: Region;
  /** For each layer (outputs, batch): activations, and the loss's gradient with respect to them. */
  readonly activations: readonly Region[];
  readonly gradients: readonly Region[];
  readonly acting: ActingPlan;
  readonly evaluationActing: ActingPlan;
  readonly evaluationEnvironment: Region;
  readonly bytes: number;
}

export function planTraining(sizes: TrainingSizes): TrainingPlan {
  const { shape, bufferSize, batchSize, environmentBytes } = sizes;
  const parameters = layOutParameters(shape);
  const batch = Math.ceil(batchSize / 8) * 8;
  const transitionSize = 2 * shape.observationSize + 3;
  const transitionStride = Math.ceil(transitionSize / 4) * 4;
  const chain = new Chain();
  return {
    parameters,
    batch,
    transitionSize,
    transitionStride,
    explorationStream: chain.words(4),
    replayStream: chain.words(4),
    environment: chain.bytes(environmentBytes),
    online: chain.words(parameters.length),
    target: chain.words(parameters.length),
    adamMean: chain.words(parameters.length),
    adamVariance: chain.words(parameters.length),
    replay: chain.words((bufferSize + 1) * transitionStride),
    gradient: chain.words(parameters.length),
    lastTaken: chain.words(bufferSize),
    rows: chain.words(batch),
    transitions: chain.words(transitionSize * batch),
    targets: chain.words(batch),
    activations: parameters.layers.map((layer) => chain.words(layer.outputs * batch)),
    gradients: parameters.layers.map((layer) => chain.words(layer.outputs * batch)),
    acting: planActing(chain, shape, parameters),
    evaluationActing: planActing(chain, shape, parameters),
    evaluationEnvironment: chain.bytes(environmentBytes),
    bytes: chain.end,
  };
}

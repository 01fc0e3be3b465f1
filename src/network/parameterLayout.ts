import { Arena } from "./arena.ts";
import type { Activation, NetworkShape } from "./networkShape.ts";

/** A tensor of the network: PyTorch name, shape, length, and byte offset in a parameter region. */
export interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly length: number;
  /** Initial values: uniform from [-bound, bound), or a constant. */
  readonly initial: { readonly bound: number } | { readonly value: number };
}

/** Byte offsets of a layer's batch normalisation in a parameter region. */
export interface NormPlan {
  readonly scale: number;
  readonly shift: number;
  readonly runningMean: number;
  readonly runningVariance: number;
}

/** A dense layer: sizes, and byte offsets of its weights (outputs, inputs) and biases (outputs) in a parameter region. */
export interface LayerPlan {
  readonly inputs: number;
  readonly outputs: number;
  readonly weight: number;
  readonly bias: number;
  readonly norm: NormPlan | null;
  readonly activation: Activation;
  /** Lower bound of the outputs: 0 for ReLU, otherwise -Infinity. */
  readonly lowerBound: number;
}

/** PyTorch's defaults for BatchNorm1d. */
export const normEpsilon = 1e-5;
export const normMomentum = 0.1;

/** Bound of a normalised observation's absolute value, as in Stable-Baselines3's VecNormalize. */
export const inputBound = 10;

/** Layout of a parameter region. The Q-network, the target network and the gradient share it. */
export interface ParameterLayout {
  readonly layers: readonly LayerPlan[];
  /** Normalisation of the observation: not trainable, with scale 1 and shift 0. Null without it. */
  readonly inputNorm: NormPlan | null;
  /** In the order of the policy file: fc1.weight, fc1.bias, bn1.weight, ..., fcN.bias. */
  readonly tensors: readonly Tensor[];
  /** Number of trainable floats, including padding; a multiple of 4. They come first. */
  readonly trainable: number;
  /** Number of all floats: the trainable ones, then those of `inputNorm` and the running statistics; a multiple of 4. */
  readonly length: number;
}

/** Lays out the parameters of a network. A dueling head is a dense layer: row 0 is `value`, the other rows are `advantage`. */
export function layOutParameters(shape: NetworkShape): ParameterLayout {
  const arena = new Arena();
  const tensors: Tensor[] = [];
  const name = (
    key: string,
    offset: number,
    dimensions: readonly number[],
    initial: Tensor["initial"],
  ) => {
    const length = dimensions.reduce((product, size) => product * size, 1);
    tensors.push({ name: key, shape: dimensions, offset, length, initial });
  };

  const sizes = [shape.observationSize, ...shape.hiddenSizes];
  const dense = sizes.map((inputs, k) => {
    const hidden = sizes[k + 1];
    const outputs = hidden ?? shape.actionCount + (shape.dueling ? 1 : 0);
    const weight = arena.f32(outputs * inputs).offset;
    const bias = arena.f32(outputs).offset;
    const normed = shape.batchNorm && hidden !== undefined;
    const scale = normed ? arena.f32(outputs).offset : 0;
    const shift = normed ? arena.f32(outputs).offset : 0;
    const activation = hidden === undefined ? shape.outputActivation : shape.activation;
    const lowerBound = activation === "relu" ? 0 : -Infinity;
    return { inputs, outputs, weight, bias, activation, lowerBound, normed, scale, shift };
  });
  const trainable = arena.end / 4;

  const nameNorm = (key: string, size: number, norm: NormPlan) => {
    name(`${key}.weight`, norm.scale, [size], { value: 1 });
    name(`${key}.bias`, norm.shift, [size], { value: 0 });
    name(`${key}.running_mean`, norm.runningMean, [size], { value: 0 });
    name(`${key}.running_var`, norm.runningVariance, [size], { value: 1 });
  };
  const allocate = (size: number) => arena.f32(size).offset;

  let inputNorm: NormPlan | null = null;
  if (shape.normalizeObservations) {
    const size = shape.observationSize;
    const [scale, shift] = [allocate(size), allocate(size)];
    inputNorm = { scale, shift, runningMean: allocate(size), runningVariance: allocate(size) };
    nameNorm("norm", size, inputNorm);
  }

  const layers = dense.map(({ normed, scale, shift, ...layer }, k): LayerPlan => {
    const { bias, inputs, outputs, weight } = layer;
    // PyTorch's default for Linear.
    const initial = { bound: 1 / Math.sqrt(inputs) };
    if (shape.dueling && k === dense.length - 1) {
      name("value.weight", weight, [1, inputs], initial);
      name("value.bias", bias, [1], initial);
      name("advantage.weight", weight + 4 * inputs, [outputs - 1, inputs], initial);
      name("advantage.bias", bias + 4, [outputs - 1], initial);
      return { ...layer, norm: null };
    }
    name(`fc${k + 1}.weight`, weight, [outputs, inputs], initial);
    name(`fc${k + 1}.bias`, bias, [outputs], initial);
    if (!normed) return { ...layer, norm: null };
    const [runningMean, runningVariance] = [allocate(outputs), allocate(outputs)];
    const norm = { scale, shift, runningMean, runningVariance };
    nameNorm(`bn${k + 1}`, outputs, norm);
    return { ...layer, norm };
  });
  return { layers, inputNorm, tensors, trainable, length: arena.end / 4 };
}

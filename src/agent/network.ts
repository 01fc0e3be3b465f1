import type { Core } from "../kernels/core.ts";
import type { ActingPlan, ParameterLayout, Region, TrainingPlan } from "./memoryPlan.ts";
import type { Activation } from "./networkShape.ts";
import type { RandomStream } from "./random.ts";

/** The lower bound a dense kernel applies after its sum: ReLU is max(x, 0), the others have none there. */
function lowerBounds(layers: number, activation: Activation): number[] {
  return Array.from({ length: layers }, (_, k) =>
    activation === "relu" && k < layers - 1 ? 0 : -Infinity,
  );
}

/**
 * PyTorch's default for Linear: weights and biases uniform in +-1/sqrt(inputs), drawn in the order of the tensors.
 */
export function initializeParameters(
  buffer: ArrayBuffer,
  parameters: ParameterLayout,
  region: Region,
  random: RandomStream,
): void {
  for (const { inputs, weight, bias } of parameters.layers) {
    const bound = 1 / Math.sqrt(inputs);
    for (const tensor of [weight, bias]) {
      const values = new Float32Array(buffer, region.offset + tensor.offset, tensor.length);
      for (let k = 0; k < values.length; k++) values[k] = (2 * random.next() - 1) * bound;
    }
  }
}

/** The Q-network for one observation at a time: the greedy policy. */
export class ActingNetwork {
  /** Write the observation here, then ask for the action. */
  readonly observation: Float32Array;
  /** The values of the actions that the last call of `greedyAction` found. */
  readonly qValues: Float32Array;
  readonly #core: Core;
  readonly #parameters: ParameterLayout;
  readonly #parametersPtr: number;
  readonly #plan: ActingPlan;
  readonly #lowerBounds: readonly number[];
  readonly #tanh: boolean;

  constructor(
    core: Core,
    parameters: ParameterLayout,
    region: Region,
    plan: ActingPlan,
    activation: Activation,
  ) {
    const view = ({ offset, length }: Region) => new Float32Array(core.buffer, offset, length);
    this.observation = view(plan.observation);
    this.qValues = view(plan.outputs.at(-1)!);
    this.#core = core;
    this.#parameters = parameters;
    this.#parametersPtr = region.offset;
    this.#plan = plan;
    this.#lowerBounds = lowerBounds(parameters.layers.length, activation);
    this.#tanh = activation === "tanh";
  }

  /** The action of the highest value for `observation`; of equal ones the first. */
  greedyAction(): number {
    const { kernels } = this.#core;
    const layers = this.#parameters.layers;
    let inputPtr = this.#plan.observation.offset;
    for (let k = 0; k < layers.length; k++) {
      const layer = layers[k]!;
      const outputPtr = this.#plan.outputs[k]!.offset;
      kernels.denseForwardOne(
        outputPtr,
        inputPtr,
        this.#parametersPtr + layer.weight.offset,
        this.#parametersPtr + layer.bias.offset,
        layer.outputs,
        layer.inputs,
        this.#lowerBounds[k]!,
      );
      if (this.#tanh && k < layers.length - 1) kernels.tanhForward(outputPtr, layer.outputs);
      inputPtr = outputPtr;
    }
    const q = this.qValues;
    let best = 0;
    for (let action = 1; action < q.length; action++) if (q[action]! > q[best]!) best = action;
    return best;
  }
}

/** The Q-network for a batch: forward with any copy of the parameters, backward into the gradients. */
export class BatchNetwork {
  readonly #core: Core;
  readonly #plan: TrainingPlan;
  readonly #activation: Activation;
  readonly #lowerBounds: readonly number[];
  /** Q-values after `forward`, and where the loss's gradient with respect to them belongs before `backward`. */
  readonly qPtr: number;
  readonly dQPtr: number;

  constructor(core: Core, plan: TrainingPlan, activation: Activation) {
    this.#core = core;
    this.#plan = plan;
    this.#activation = activation;
    this.#lowerBounds = lowerBounds(plan.parameters.layers.length, activation);
    this.qPtr = plan.activations.at(-1)!.offset;
    this.dQPtr = plan.gradients.at(-1)!.offset;
  }

  /** Activations of every layer for the observations at inputPtr, (observationSize, batch). */
  forward(parametersPtr: number, inputPtr: number): void {
    const { kernels } = this.#core;
    const { activations, batch, parameters } = this.#plan;
    const layers = parameters.layers;
    let layerInputPtr = inputPtr;
    for (let k = 0; k < layers.length; k++) {
      const layer = layers[k]!;
      const outputPtr = activations[k]!.offset;
      kernels.denseForward(
        outputPtr,
        layerInputPtr,
        parametersPtr + layer.weight.offset,
        parametersPtr + layer.bias.offset,
        layer.outputs,
        layer.inputs,
        batch,
        this.#lowerBounds[k]!,
      );
      if (this.#activation === "tanh" && k < layers.length - 1) {
        kernels.tanhForward(outputPtr, layer.outputs * batch);
      }
      layerInputPtr = outputPtr;
    }
  }

  /** Backpropagation from dQ through the activations of the last `forward` into the gradient region. */
  backward(parametersPtr: number, inputPtr: number): void {
    const { kernels } = this.#core;
    const { activations, batch, gradient, gradients, parameters } = this.#plan;
    const layers = parameters.layers;
    for (let k = layers.length - 1; k >= 0; k--) {
      const layer = layers[k]!;
      const layerInputPtr = k > 0 ? activations[k - 1]!.offset : inputPtr;
      const dOutputPtr = gradients[k]!.offset;
      kernels.denseBackwardWeights(
        gradient.offset + layer.weight.offset,
        gradient.offset + layer.bias.offset,
        dOutputPtr,
        layerInputPtr,
        layer.outputs,
        layer.inputs,
        batch,
      );
      if (k === 0) return;
      const dInputPtr = gradients[k - 1]!.offset;
      kernels.denseBackwardInput(
        dInputPtr,
        dOutputPtr,
        parametersPtr + layer.weight.offset,
        layer.outputs,
        layer.inputs,
        batch,
      );
      const count = layer.inputs * batch;
      if (this.#activation === "tanh") kernels.tanhBackward(dInputPtr, layerInputPtr, count);
      if (this.#activation === "relu") kernels.reluBackward(dInputPtr, layerInputPtr, count);
    }
  }
}

import { activationCodes } from "../../kernels/activationCodes.ts";
import { product } from "../../numerics/product.ts";
import type { LayerBase, LayerEvaluation, LayerTraining, Parameter } from "../layer.ts";
import type { Activation } from "../networkShape.ts";

/** outputs = weight * inputs + bias. */
export interface Dense extends LayerBase {
  readonly kind: "dense";
  readonly parameters: Readonly<Record<"weight" | "bias", Parameter>>;
}

export function dense(
  name: string,
  inputs: number,
  outputs: number,
  activation: Activation,
  parts: LayerBase["parts"] = [[name, 0, outputs]],
): Dense {
  const parameters = weightAndBias([outputs, inputs]);
  return { kind: "dense", name, inputs, outputs, activation, parameters, parts };
}

/** Returns the parameters of a layer with weights of a shape, with PyTorch's default initial values. */
export function weightAndBias(shape: readonly [number, ...number[]]): Dense["parameters"] {
  const [outputs, ...others] = shape;
  const bound = 1 / Math.sqrt(product(others));
  const rest = { initial: { bound }, trainable: true };
  return { weight: { shape, ...rest }, bias: { shape: [outputs], ...rest } };
}

export const denseEvaluation: LayerEvaluation<Dense> = {
  recordForward(
    program,
    { inputs, outputs },
    { inputPtr, lowerBound, outputPtr, parameters, width },
  ) {
    const pointers = [outputPtr, inputPtr, parameters.weight, parameters.bias] as const;
    if (width === 1) program.call("denseForwardOne", ...pointers, outputs, inputs, lowerBound);
    else program.call("denseForward", ...pointers, outputs, inputs, width, lowerBound);
  },
};

export const denseTraining: LayerTraining<Dense> = {
  recordBackward(program, { inputs, outputs }, pass) {
    const { dInputPtr, dOutputPtr, gradients, inputPtr, parameters, width, workspacePtr } = pass;
    // biome-ignore format: outputs, inputs, shape
    program.call("denseBackwardWeights",
      gradients.weight, gradients.bias,
      dOutputPtr, inputPtr, workspacePtr,
      outputs, inputs, width,
    );
    if (dInputPtr === null) return;
    // biome-ignore format: outputs, inputs, shape
    program.call("denseBackwardInput",
      dInputPtr,
      dOutputPtr, parameters.weight, inputPtr, workspacePtr,
      outputs, inputs, width, activationCodes[pass.inputActivation],
    );
  },
};

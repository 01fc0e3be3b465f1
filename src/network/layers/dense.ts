import { activationCodes } from "../../kernels/activationCodes.ts";
import type { LayerBase, LayerTraining, Parameter, RecordForward } from "../layer.ts";
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
  // PyTorch's default for Linear.
  const others = { initial: { bound: 1 / Math.sqrt(inputs) }, trainable: true };
  const parameters = {
    weight: { shape: [outputs, inputs], ...others },
    bias: { shape: [outputs], ...others },
  };
  return { kind: "dense", name, inputs, outputs, activation, parameters, parts };
}

export const recordDense: RecordForward<Dense> = (
  program,
  { inputs, outputs },
  { inputPtr, lowerBound, outputPtr, parameters, width },
) => {
  const pointers = [outputPtr, inputPtr, parameters.weight, parameters.bias] as const;
  if (width === 1) program.call("denseForwardOne", ...pointers, outputs, inputs, lowerBound);
  else program.call("denseForward", ...pointers, outputs, inputs, width, lowerBound);
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

import { product } from "../../numerics/product.ts";
import type { LayerBase, LayerEvaluation, LayerTraining, Parameter } from "../layer.ts";
import type { Activation } from "../networkShape.ts";
import { normEpsilon } from "./batchNorm.ts";

/** Layer normalisation (Ba et al. 2016): over all features of an observation, with a weight and a bias per feature. */
export interface LayerNorm extends LayerBase {
  readonly kind: "layerNorm";
  readonly parameters: Readonly<Record<"weight" | "bias", Parameter>>;
}

/** @param shape of the features, such as (filters, rows, columns) */
export function layerNorm(
  name: string,
  shape: readonly [number, ...number[]],
  activation: Activation,
): LayerNorm {
  const size = product(shape);
  const filled = (value: number) => ({ shape, initial: { value }, trainable: true });
  return {
    kind: "layerNorm",
    name,
    inputs: size,
    outputs: size,
    activation,
    parameters: { weight: filled(1), bias: filled(0) },
    parts: [[name, 0, shape[0]]],
  };
}

export const layerNormEvaluation: LayerEvaluation<LayerNorm, "mean" | "inverseStd"> = {
  arrays: (_, columns) => ({ mean: columns, inverseStd: columns }),
  recordForward(
    program,
    { outputs },
    { arrays, inputPtr, lowerBound, outputPtr, parameters, width },
  ) {
    const pointers = [outputPtr, inputPtr, parameters.weight, parameters.bias] as const;
    const scalars = [normEpsilon, lowerBound] as const;
    if (width === 1) program.call("layerNormForwardOne", ...pointers, outputs, ...scalars);
    else {
      const statistics = [arrays.mean.offset, arrays.inverseStd.offset] as const;
      program.call("layerNormForward", ...pointers, ...statistics, outputs, width, ...scalars);
    }
  },
};

export const layerNormTraining: LayerTraining<LayerNorm, "mean" | "inverseStd"> = {
  recordBackward(program, { outputs }, pass) {
    const { arrays, dOutputPtr, gradients, inputPtr, parameters, width, workspacePtr } = pass;
    // biome-ignore format: outputs, inputs, shape
    program.call("layerNormBackward",
      dOutputPtr, gradients.weight, gradients.bias,
      inputPtr, parameters.weight, arrays.mean.offset, arrays.inverseStd.offset, workspacePtr,
      outputs, width,
    );
  },
  inPlace: true,
};

import type { LayerBase, LayerEvaluation, LayerTraining, Parameter } from "../layer.ts";
import type { Activation } from "../networkShape.ts";

/** PyTorch's defaults for BatchNorm1d. */
export const normEpsilon = 1e-5;
const MOMENTUM = 0.1;

/**
 * Batch normalisation (Ioffe & Szegedy 2015). It uses the batch's statistics and updates the running ones (training), or uses the
 * running ones (evaluation).
 */
export interface BatchNorm extends LayerBase {
  readonly kind: "batchNorm";
  readonly parameters: Readonly<
    Record<"weight" | "bias" | "running_mean" | "running_var", Parameter>
  >;
}

/** @param trainable whether the optimizer changes weight and bias */
export function batchNorm(
  name: string,
  features: number,
  activation: Activation,
  trainable = true,
): BatchNorm {
  const filled = (value: number, changes = false): Parameter => ({
    shape: [features],
    initial: { value },
    trainable: changes,
  });
  return {
    kind: "batchNorm",
    name,
    inputs: features,
    outputs: features,
    activation,
    parameters: {
      weight: filled(1, trainable),
      bias: filled(0, trainable),
      running_mean: filled(0),
      running_var: filled(1),
    },
    parts: [[name, 0, features]],
  };
}

/** For any layer with the same parameters. */
type Norm = Pick<BatchNorm, keyof LayerBase>;

export const batchNormEvaluation: LayerEvaluation<Norm> = {
  recordForward(program, { outputs }, { inputPtr, lowerBound, outputPtr, parameters, width }) {
    // biome-ignore format: outputs, inputs, statistics, shape, scalars
    program.call("batchNormEvaluate",
      outputPtr,
      inputPtr, parameters.weight, parameters.bias,
      parameters.running_mean, parameters.running_var,
      outputs, width,
      normEpsilon, lowerBound,
    );
  },
};

export const batchNormTraining: LayerTraining<BatchNorm, "mean" | "inverseStd"> = {
  arrays: ({ outputs }) => ({ mean: outputs, inverseStd: outputs }),
  recordForward(program, { outputs }, pass) {
    const { inputPtr, arrays, lowerBound, outputPtr, parameters, width } = pass;
    // biome-ignore format: outputs, inputs, statistics, shape, scalars
    program.call("batchNormForward",
      outputPtr,
      inputPtr, parameters.weight, parameters.bias,
      parameters.running_mean, parameters.running_var,
      arrays.mean.offset, arrays.inverseStd.offset,
      outputs, width, "samples",
      MOMENTUM, normEpsilon, lowerBound,
    );
  },
  recordBackward(program, { outputs }, pass) {
    const { dOutputPtr, gradients, inputPtr, arrays, parameters, width } = pass;
    // biome-ignore format: outputs, inputs, shape
    program.call("batchNormBackward",
      dOutputPtr, gradients.weight, gradients.bias,
      inputPtr, parameters.weight, arrays.mean.offset, arrays.inverseStd.offset,
      outputs, width, "samples",
    );
  },
  inPlace: true,
};

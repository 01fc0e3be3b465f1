import { activationCodes } from "../kernels/activationCodes.ts";
import type { Recording } from "../kernels/program.ts";
import type { BatchPlan } from "./batchPlan.ts";
import type { NetworkShape } from "./networkShape.ts";
import { inputBound, type NormPlan, normEpsilon, normMomentum } from "./parameterLayout.ts";

/** Batch normalisation uses the batch's statistics and updates the running ones (training), or uses the running ones (evaluation). */
export type NetworkMode = "training" | "evaluation";

/** Records the normalisation of observations (observationSize, batch) to outputPtr. */
export function recordNormalize(
  program: Recording,
  { runningMean, runningVariance, scale, shift }: NormPlan,
  outputPtr: number,
  inputPtr: number,
  parametersPtr: number,
  { observationSize }: NetworkShape,
  batch: number,
): void {
  // biome-ignore format: outputs, inputs, statistics, shape, scalars
  program.call("batchNormEvaluate",
    outputPtr,
    inputPtr, parametersPtr + scale, parametersPtr + shift,
    parametersPtr + runningMean, parametersPtr + runningVariance,
    observationSize, batch,
    normEpsilon, -Infinity,
  );
  // clampValues needs a multiple of 4. The padding of the region makes room for it.
  program.call("clampValues", outputPtr, Math.ceil((observationSize * batch) / 4) * 4, inputBound);
}

/**
 * Records a forward pass of the Q-network for a batch. It writes the Q-values (actionCount, batch) of the observations at inputPtr
 * (observationSize, batch) to qPtr. In training mode, columns from the slot `samples` on are padding.
 * @param normPtr parameters with the observations' mean and variance
 */
export function recordForward(
  program: Recording,
  { batch, parameters, scratch, shape }: BatchPlan,
  qPtr: number,
  parametersPtr: number,
  inputPtr: number,
  mode: NetworkMode,
  normPtr = parametersPtr,
): void {
  const { inputNorm, layers } = parameters;
  let layerInputPtr = inputPtr;
  if (inputNorm !== null) {
    layerInputPtr = scratch.normalized.offset;
    recordNormalize(program, inputNorm, layerInputPtr, inputPtr, normPtr, shape, batch);
  }
  layers.forEach(({ activation, bias, inputs, lowerBound, norm, outputs, weight }, k) => {
    const { beforeNorm, inverseStd, mean, output } = scratch.layers[k]!;
    const toQ = k === layers.length - 1 && !shape.dueling;
    const outputPtr = toQ ? qPtr : output.offset;
    // biome-ignore format: outputs, inputs, shape, scalars
    program.call("denseForward",
      norm === null ? outputPtr : beforeNorm.offset,
      layerInputPtr, parametersPtr + weight, parametersPtr + bias,
      outputs, inputs, batch,
      norm === null ? lowerBound : -Infinity,
    );
    if (norm !== null && mode === "training") {
      // biome-ignore format: outputs, inputs, statistics, shape, scalars
      program.call("batchNormForward",
        outputPtr,
        beforeNorm.offset, parametersPtr + norm.scale, parametersPtr + norm.shift,
        parametersPtr + norm.runningMean, parametersPtr + norm.runningVariance,
        mean.offset, inverseStd.offset,
        outputs, batch, "samples",
        normMomentum, normEpsilon, lowerBound,
      );
    } else if (norm !== null) {
      // biome-ignore format: outputs, inputs, statistics, shape, scalars
      program.call("batchNormEvaluate",
        outputPtr,
        beforeNorm.offset, parametersPtr + norm.scale, parametersPtr + norm.shift,
        parametersPtr + norm.runningMean, parametersPtr + norm.runningVariance,
        outputs, batch,
        normEpsilon, lowerBound,
      );
    }
    if (activation === "tanh") program.call("tanhForward", outputPtr, outputs * batch);
    layerInputPtr = outputPtr;
  });
  if (shape.dueling) {
    program.call("duelingForward", qPtr, layerInputPtr, shape.actionCount, batch);
  }
}

/**
 * Records a backward pass: from the plan's `dQ` to the plan's `gradient`. It uses the activations of the last forward pass, which
 * must have had training mode, the same input and the plan's `q` as output.
 */
export function recordBackward(
  program: Recording,
  { batch, parameters, scratch, shape }: BatchPlan,
  parametersPtr: number,
  inputPtr: number,
): void {
  const { dQ, gradient, normalized, q, workspace } = scratch;
  const { inputNorm, layers } = parameters;
  const firstInputPtr = inputNorm === null ? inputPtr : normalized.offset;
  for (let k = layers.length - 1; k >= 0; k--) {
    const { activation, bias, inputs, norm, outputs, weight } = layers[k]!;
    const { beforeNorm, gradient: layerGradient, inverseStd, mean, output } = scratch.layers[k]!;
    const fromQ = k === layers.length - 1 && !shape.dueling;
    const dPtr = fromQ ? dQ.offset : layerGradient.offset;
    const outputPtr = fromQ ? q.offset : output.offset;
    const layerInputPtr = k > 0 ? scratch.layers[k - 1]!.output.offset : firstInputPtr;
    if (shape.dueling && k === layers.length - 1) {
      program.call("duelingBackward", dPtr, dQ.offset, shape.actionCount, batch);
    }
    // For hidden layers, denseBackwardInput of the next layer has applied the derivative while the gradient was in registers.
    if (k === layers.length - 1) {
      if (activation === "tanh") program.call("tanhBackward", dPtr, outputPtr, outputs * batch);
      if (activation === "relu") program.call("reluBackward", dPtr, outputPtr, outputs * batch);
    }
    if (norm !== null) {
      // biome-ignore format: outputs, inputs, shape
      program.call("batchNormBackward",
        dPtr, gradient.offset + norm.scale, gradient.offset + norm.shift,
        beforeNorm.offset, parametersPtr + norm.scale, mean.offset, inverseStd.offset,
        outputs, batch, "samples",
      );
    }
    // biome-ignore format: outputs, inputs, shape
    program.call("denseBackwardWeights",
      gradient.offset + weight, gradient.offset + bias,
      dPtr, layerInputPtr, workspace.offset,
      outputs, inputs, batch,
    );
    if (k === 0) return;
    // biome-ignore format: outputs, inputs, shape
    program.call("denseBackwardInput",
      scratch.layers[k - 1]!.gradient.offset,
      dPtr, parametersPtr + weight, layerInputPtr, workspace.offset,
      outputs, inputs, batch, activationCodes[layers[k - 1]!.activation],
    );
  }
}

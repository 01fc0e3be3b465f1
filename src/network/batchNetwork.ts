import { activationCodes } from "../kernels/activationCodes.ts";
import type { Core } from "../kernels/core.ts";
import type { BatchPlan } from "./batchPlan.ts";
import { normEpsilon, normMomentum } from "./parameterLayout.ts";

/** Batch normalisation uses the batch's statistics and updates the running ones (training), or uses the running ones (evaluation). */
export type NetworkMode = "training" | "evaluation";

/** Q-network for a batch: forward with any parameter region, backward into the gradient region. */
export class BatchNetwork {
  readonly #core: Core;
  readonly #plan: BatchPlan;

  constructor(core: Core, plan: BatchPlan) {
    this.#core = core;
    this.#plan = plan;
  }

  /**
   * Writes the Q-values (actionCount, batch) of the observations at inputPtr (observationSize, batch) to qPtr.
   * Columns from `samples` on are padding.
   */
  forward(
    qPtr: number,
    parametersPtr: number,
    inputPtr: number,
    samples: number,
    mode: NetworkMode,
  ): void {
    const { kernels } = this.#core;
    const { batch, parameters, shape } = this.#plan;
    const scratch = this.#plan.scratch.layers;
    const layers = parameters.layers;
    let layerInputPtr = inputPtr;
    for (let k = 0; k < layers.length; k++) {
      const { activation, bias, inputs, lowerBound, norm, outputs, weight } = layers[k]!;
      const { beforeNorm, inverseStd, mean, output } = scratch[k]!;
      const toQ = k === layers.length - 1 && !shape.dueling;
      const outputPtr = toQ ? qPtr : output.offset;
      // biome-ignore format: outputs, inputs, shape, scalars
      kernels.denseForward(
        norm === null ? outputPtr : beforeNorm.offset,
        layerInputPtr, parametersPtr + weight, parametersPtr + bias,
        outputs, inputs, batch,
        norm === null ? lowerBound : -Infinity,
      );
      if (norm !== null && mode === "training") {
        // biome-ignore format: outputs, inputs, statistics, shape, scalars
        kernels.batchNormForward(
          outputPtr,
          beforeNorm.offset, parametersPtr + norm.scale, parametersPtr + norm.shift,
          parametersPtr + norm.runningMean, parametersPtr + norm.runningVariance,
          mean.offset, inverseStd.offset,
          outputs, batch, samples,
          normMomentum, normEpsilon, lowerBound,
        );
      } else if (norm !== null) {
        // biome-ignore format: outputs, inputs, statistics, shape, scalars
        kernels.batchNormEvaluate(
          outputPtr,
          beforeNorm.offset, parametersPtr + norm.scale, parametersPtr + norm.shift,
          parametersPtr + norm.runningMean, parametersPtr + norm.runningVariance,
          outputs, batch,
          normEpsilon, lowerBound,
        );
      }
      if (activation === "tanh") kernels.tanhForward(outputPtr, outputs * batch);
      layerInputPtr = outputPtr;
    }
    if (shape.dueling) kernels.duelingForward(qPtr, layerInputPtr, shape.actionCount, batch);
  }

  /**
   * Backpropagates the plan's `dQ` into the plan's `gradient`. It uses the activations of the last call to `forward`, which must have
   * had training mode, the same input and the plan's `q` as output.
   */
  backward(parametersPtr: number, inputPtr: number, samples: number): void {
    const { kernels } = this.#core;
    const { batch, parameters, shape } = this.#plan;
    const { dQ, gradient, layers: scratch, q, workspace } = this.#plan.scratch;
    const layers = parameters.layers;
    for (let k = layers.length - 1; k >= 0; k--) {
      const { activation, bias, inputs, norm, outputs, weight } = layers[k]!;
      const { beforeNorm, gradient: layerGradient, inverseStd, mean, output } = scratch[k]!;
      const fromQ = k === layers.length - 1 && !shape.dueling;
      const dPtr = fromQ ? dQ.offset : layerGradient.offset;
      const outputPtr = fromQ ? q.offset : output.offset;
      const layerInputPtr = k > 0 ? scratch[k - 1]!.output.offset : inputPtr;
      if (shape.dueling && k === layers.length - 1) {
        kernels.duelingBackward(dPtr, dQ.offset, shape.actionCount, batch);
      }
      // For hidden layers, denseBackwardInput of the next layer has applied the derivative while the gradient was in registers.
      if (k === layers.length - 1) {
        if (activation === "tanh") kernels.tanhBackward(dPtr, outputPtr, outputs * batch);
        if (activation === "relu") kernels.reluBackward(dPtr, outputPtr, outputs * batch);
      }
      if (norm !== null) {
        // biome-ignore format: outputs, inputs, shape
        kernels.batchNormBackward(
          dPtr, gradient.offset + norm.scale, gradient.offset + norm.shift,
          beforeNorm.offset, parametersPtr + norm.scale, mean.offset, inverseStd.offset,
          outputs, batch, samples,
        );
      }
      // biome-ignore format: outputs, inputs, shape
      kernels.denseBackwardWeights(
        gradient.offset + weight, gradient.offset + bias,
        dPtr, layerInputPtr, workspace.offset,
        outputs, inputs, batch,
      );
      if (k === 0) return;
      // biome-ignore format: outputs, inputs, shape, scalars
      kernels.denseBackwardInput(
        scratch[k - 1]!.gradient.offset,
        dPtr, parametersPtr + weight, layerInputPtr, workspace.offset,
        outputs, inputs, batch,
        activationCodes[layers[k - 1]!.activation],
      );
    }
  }
}

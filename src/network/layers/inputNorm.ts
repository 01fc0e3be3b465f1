import type { LayerBase, LayerEvaluation } from "../layer.ts";
import { type BatchNorm, batchNorm, batchNormEvaluation } from "./batchNorm.ts";

/** Bound of a normalised observation's absolute value, as in Stable-Baselines3's VecNormalize. */
export const inputBound = 10;

/** Normalises the observation with a running mean and variance, which `ObservationStatistics` writes. It has nothing to train. */
export interface InputNorm extends LayerBase {
  readonly kind: "inputNorm";
  readonly parameters: BatchNorm["parameters"];
}

export function inputNorm(size: number): InputNorm {
  return { ...batchNorm("norm", size, "identity", false), kind: "inputNorm" };
}

export const inputNormEvaluation: LayerEvaluation<InputNorm> = {
  recordForward(program, layer, pass) {
    batchNormEvaluation.recordForward(program, layer, pass);
    // clampValues needs a multiple of 4. The padding of the region makes room for it.
    program.call("clampValues", pass.outputPtr, (layer.outputs * pass.width + 3) & ~3, inputBound);
  },
};

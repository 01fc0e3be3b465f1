import type { Kernels } from "../kernels.ts";
import { acrobotKernels } from "./acrobot.ts";
import { activationKernels } from "./activation.ts";
import { batchNormKernels } from "./batchNorm.ts";
import { cartPoleKernels } from "./cartPole.ts";
import { denseKernels } from "./dense.ts";
import { denseBackwardInputKernels } from "./denseBackwardInput.ts";
import { denseBackwardWeightsKernels } from "./denseBackwardWeights.ts";
import { duelingKernels } from "./dueling.ts";
import { learningKernels } from "./learning.ts";
import { mountainCarKernels } from "./mountainCar.ts";
import { optimizerKernels } from "./optimizer.ts";

/**
 * The JavaScript implementation over `buffer`, the same memory the Wasm one would use: the baseline of the speed
 * comparison and the oracle of the Wasm kernels. Rounds to float32 after every operation, in the same order.
 */
export function jsKernels(buffer: ArrayBufferLike): Kernels {
  const f32 = new Float32Array(buffer);
  const f64 = new Float64Array(buffer);
  const u32 = new Uint32Array(buffer);
  return {
    ...denseKernels(f32),
    ...denseBackwardWeightsKernels(f32),
    ...denseBackwardInputKernels(f32),
    ...activationKernels(f32),
    ...batchNormKernels(f32),
    ...duelingKernels(f32),
    ...learningKernels(f32, u32),
    ...optimizerKernels(f32),
    ...cartPoleKernels(f32, f64, u32),
    ...mountainCarKernels(f32, f64),
    ...acrobotKernels(f32, f64),
  };
}

import { acrobotKernels } from "./acrobot.ts";
import { activationKernels } from "./activation.ts";
import { batchNormKernels } from "./batchNorm.ts";
import { cartPoleKernels } from "./cartPole.ts";
import { denseKernels } from "./dense.ts";
import { denseBackwardInputKernels } from "./denseBackwardInput.ts";
import { denseBackwardWeightsKernels } from "./denseBackwardWeights.ts";
import { duelingKernels } from "./dueling.ts";
import { gatherKernels } from "./gather.ts";
import { gradientClipKernels } from "./gradientClip.ts";
import { mountainCarKernels } from "./mountainCar.ts";
import { optimizerKernels } from "./optimizer.ts";
import { softUpdateKernels } from "./softUpdate.ts";
import { tdErrorKernels } from "./tdError.ts";

/**
 * Binds the JavaScript kernels to `buffer`. They round to float32 after every operation and keep the WebAssembly kernels' order of
 * operations, so that each implementation checks the other.
 */
export function jsKernels(buffer: ArrayBufferLike) {
  const f32 = new Float32Array(buffer);
  const f64 = new Float64Array(buffer);
  const u32 = new Uint32Array(buffer);
  return {
    ...acrobotKernels(f32, f64, u32),
    ...activationKernels(f32),
    ...batchNormKernels(f32),
    ...cartPoleKernels(f32, f64, u32),
    ...denseKernels(f32),
    ...denseBackwardInputKernels(f32),
    ...denseBackwardWeightsKernels(f32),
    ...duelingKernels(f32),
    ...gatherKernels(f32, u32),
    ...gradientClipKernels(f32),
    ...mountainCarKernels(f32, f64, u32),
    ...optimizerKernels(f32),
    ...softUpdateKernels(f32),
    ...tdErrorKernels(f32),
  };
}

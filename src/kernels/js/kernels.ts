import { instruction, integers } from "../programFormat.ts";
import { acrobotKernels } from "./acrobot.ts";
import { actionMaskKernels } from "./actionMask.ts";
import { activationKernels } from "./activation.ts";
import { batchNormKernels } from "./batchNorm.ts";
import { cartPoleKernels } from "./cartPole.ts";
import { convolutionKernels } from "./convolution.ts";
import { convolutionBackwardInputKernels } from "./convolutionBackwardInput.ts";
import { convolutionBackwardWeightsKernels } from "./convolutionBackwardWeights.ts";
import { denseKernels } from "./dense.ts";
import { denseBackwardInputKernels } from "./denseBackwardInput.ts";
import { denseBackwardWeightsKernels } from "./denseBackwardWeights.ts";
import { duelingKernels } from "./dueling.ts";
import { gatherKernels } from "./gather.ts";
import { gradientClipKernels } from "./gradientClip.ts";
import { lambdaTargetsKernels } from "./lambdaTargets.ts";
import { layerNormKernels } from "./layerNorm.ts";
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
  const u8 = new Uint8Array(buffer);
  const kernels = {
    ...acrobotKernels(f32, f64, u32),
    ...actionMaskKernels(f32),
    ...activationKernels(f32),
    ...batchNormKernels(f32),
    ...cartPoleKernels(f32, f64, u32),
    ...convolutionKernels(f32, u32),
    ...convolutionBackwardInputKernels(f32, u32),
    ...convolutionBackwardWeightsKernels(f32, u32),
    ...denseKernels(f32),
    ...denseBackwardInputKernels(f32),
    ...denseBackwardWeightsKernels(f32),
    ...duelingKernels(f32),
    ...gatherKernels(f32, u32, u8),
    ...gradientClipKernels(f32),
    ...lambdaTargetsKernels(f32),
    ...layerNormKernels(f32),
    ...mountainCarKernels(f32, f64, u32),
    ...optimizerKernels(f32),
    ...softUpdateKernels(f32),
    ...tdErrorKernels(f32),
  };
  const called = Object.entries(integers).map(([name, count]) => {
    const kernel = kernels[name as keyof typeof integers] as (...args: readonly unknown[]) => void;
    // Null, because an array of unboxed numbers is slower to pass.
    return { kernel, count, args: new Array<number | null>(kernel.length).fill(null) };
  });
  return {
    ...kernels,

    /**
     * Calls the kernels of a program one after the other: instructions (see `instruction`) up to one with the code 0.
     * programPtr: a multiple of 8. All scalars are float64.
     */
    run(programPtr: number): void {
      let p = programPtr >>> 2;
      for (let code = u32[p]!; code > 0; code = u32[p]!) {
        const { args, count, kernel } = called[code - 1]!;
        for (let k = 0; k < count; k++) args[k] = u32[p + 1 + k]!;
        const scalars = ((p + instruction.words) >>> 1) - count;
        for (let k = count; k < args.length; k++) args[k] = f64[scalars + k]!;
        kernel(...args);
        p += instruction.bytes / 4;
      }
    },
  };
}

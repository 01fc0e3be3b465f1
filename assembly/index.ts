// The exports of the module. src/kernels/js/ has a file of the same name for each of these: it states the contract (formula,
// shapes, units) of every function.
import { maskIllegal } from "./actionMask";
import { reluBackward, tanhBackward, tanhForward } from "./activation";
import { batchNormBackward, batchNormEvaluate, batchNormForward } from "./batchNorm";
import { convForward, convForwardOne } from "./convolution";
import { convBackwardInput } from "./convolutionBackwardInput";
import { convBackwardWeights } from "./convolutionBackwardWeights";
import { denseForward, denseForwardOne } from "./dense";
import { denseBackwardInput } from "./denseBackwardInput";
import { denseBackwardWeights } from "./denseBackwardWeights";
import { duelingBackward, duelingForward, duelingForwardOne } from "./dueling";
import { gatherBytes, gatherRows } from "./gather";
import { clampValues, clipNorm } from "./gradientClip";
import { qLambdaTargets } from "./lambdaTargets";
import { layerNormBackward, layerNormForward, layerNormForwardOne } from "./layerNorm";
import { adam, rmsprop, rmspropCentered, sgd } from "./optimizer";
import { assertAligned } from "./simd";
import { softUpdate } from "./softUpdate";
import { doubleTarget, huberGradient, mseGradient, tdTarget } from "./tdError";

export * from "./acrobot";
export * from "./actionMask";
export * from "./activation";
export * from "./batchNorm";
export * from "./cartPole";
export * from "./convolution";
export * from "./convolutionBackwardInput";
export * from "./convolutionBackwardWeights";
export * from "./dense";
export * from "./denseBackwardInput";
export * from "./denseBackwardWeights";
export * from "./dueling";
export * from "./gather";
export * from "./gradientClip";
export * from "./lambdaTargets";
export * from "./layerNorm";
export * from "./mountainCar";
export * from "./optimizer";
export * from "./softUpdate";
export * from "./tdError";

/** Bytes of an instruction: 14 words (the kernel's code, then pointers and sizes), then 5 float64 scalars. */
const INSTRUCTION: usize = 96;

/** Word k of the instruction at p. */
function word(p: usize, k: usize): i32 {
  return load<i32>(p + (k << 2));
}

/** Scalar k of the instruction at p. */
function scalar(p: usize, k: usize): f64 {
  return load<f64>(p + (k << 3), 56);
}

/** Contract: `integers` in src/kernels/programFormat.ts. The cases are in its order. */
export function run(programPtr: usize): void {
  assertAligned(programPtr);
  for (let p = programPtr; ; p += INSTRUCTION) {
    // biome-ignore format: one case per kernel
    switch (word(p, 0)) {
      case 1: tanhForward(word(p, 1), word(p, 2)); break;
      case 2: tanhBackward(word(p, 1), word(p, 2), word(p, 3)); break;
      case 3: reluBackward(word(p, 1), word(p, 2), word(p, 3)); break;
      case 4: batchNormForward(word(p, 1), word(p, 2), word(p, 3), word(p, 4), word(p, 5), word(p, 6), word(p, 7), word(p, 8),
        word(p, 9), word(p, 10), word(p, 11), <f32>scalar(p, 0), <f32>scalar(p, 1), <f32>scalar(p, 2)); break;
      case 5: batchNormEvaluate(word(p, 1), word(p, 2), word(p, 3), word(p, 4), word(p, 5), word(p, 6), word(p, 7), word(p, 8),
        <f32>scalar(p, 0), <f32>scalar(p, 1)); break;
      case 6: batchNormBackward(word(p, 1), word(p, 2), word(p, 3), word(p, 4), word(p, 5), word(p, 6), word(p, 7), word(p, 8),
        word(p, 9), word(p, 10)); break;
      case 7: denseForward(word(p, 1), word(p, 2), word(p, 3), word(p, 4), word(p, 5), word(p, 6), word(p, 7),
        <f32>scalar(p, 0)); break;
      case 8: denseForwardOne(word(p, 1), word(p, 2), word(p, 3), word(p, 4), word(p, 5), word(p, 6), <f32>scalar(p, 0)); break;
      case 9: denseBackwardInput(word(p, 1), word(p, 2), word(p, 3), word(p, 4), word(p, 5), word(p, 6), word(p, 7), word(p, 8),
        word(p, 9)); break;
      case 10: denseBackwardWeights(word(p, 1), word(p, 2), word(p, 3), word(p, 4), word(p, 5), word(p, 6), word(p, 7),
        word(p, 8)); break;
      case 11: duelingForward(word(p, 1), word(p, 2), word(p, 3), word(p, 4)); break;
      case 12: duelingForwardOne(word(p, 1), word(p, 2), word(p, 3)); break;
      case 13: duelingBackward(word(p, 1), word(p, 2), word(p, 3), word(p, 4)); break;
      case 14: gatherRows(word(p, 1), word(p, 2), word(p, 3), word(p, 4), word(p, 5), word(p, 6)); break;
      case 15: clampValues(word(p, 1), word(p, 2), <f32>scalar(p, 0)); break;
      case 16: clipNorm(word(p, 1), word(p, 2), <f32>scalar(p, 0)); break;
      case 17: adam(word(p, 1), word(p, 2), word(p, 3), word(p, 4), word(p, 5), <f32>scalar(p, 0), scalar(p, 1), scalar(p, 2),
        <f32>scalar(p, 3), <f32>scalar(p, 4)); break;
      case 18: rmsprop(word(p, 1), word(p, 2), word(p, 3), word(p, 4), word(p, 5), <f32>scalar(p, 0), scalar(p, 1),
        <f32>scalar(p, 2), <f32>scalar(p, 3)); break;
      case 19: sgd(word(p, 1), word(p, 2), word(p, 3), word(p, 4), <f32>scalar(p, 0), <f32>scalar(p, 1)); break;
      case 20: softUpdate(word(p, 1), word(p, 2), word(p, 3), <f32>scalar(p, 0)); break;
      case 21: tdTarget(word(p, 1), word(p, 2), word(p, 3), word(p, 4), word(p, 5), word(p, 6)); break;
      case 22: doubleTarget(word(p, 1), word(p, 2), word(p, 3), word(p, 4), word(p, 5), word(p, 6), word(p, 7)); break;
      case 23: mseGradient(word(p, 1), word(p, 2), word(p, 3), word(p, 4), word(p, 5), word(p, 6), word(p, 7), word(p, 8),
        word(p, 9), word(p, 10)); break;
      case 24: huberGradient(word(p, 1), word(p, 2), word(p, 3), word(p, 4), word(p, 5), word(p, 6), word(p, 7), word(p, 8),
        word(p, 9), word(p, 10), <f32>scalar(p, 0)); break;
      case 25: maskIllegal(word(p, 1), word(p, 2), word(p, 3)); break;
      case 26: convForward(word(p, 1), word(p, 2), word(p, 3), word(p, 4), word(p, 5), word(p, 6), word(p, 7), word(p, 8),
        word(p, 9), word(p, 10), <f32>scalar(p, 0)); break;
      case 27: convForwardOne(word(p, 1), word(p, 2), word(p, 3), word(p, 4), word(p, 5), word(p, 6), word(p, 7), word(p, 8),
        word(p, 9), <f32>scalar(p, 0)); break;
      case 28: convBackwardWeights(word(p, 1), word(p, 2), word(p, 3), word(p, 4), word(p, 5), word(p, 6), word(p, 7), word(p, 8),
        word(p, 9), word(p, 10)); break;
      case 29: convBackwardInput(word(p, 1), word(p, 2), word(p, 3), word(p, 4), word(p, 5), word(p, 6), word(p, 7), word(p, 8),
        word(p, 9), word(p, 10), word(p, 11), word(p, 12)); break;
      case 30: layerNormForward(word(p, 1), word(p, 2), word(p, 3), word(p, 4), word(p, 5), word(p, 6), word(p, 7), word(p, 8),
        <f32>scalar(p, 0), <f32>scalar(p, 1)); break;
      case 31: layerNormForwardOne(word(p, 1), word(p, 2), word(p, 3), word(p, 4), word(p, 5),
        <f32>scalar(p, 0), <f32>scalar(p, 1)); break;
      case 32: layerNormBackward(word(p, 1), word(p, 2), word(p, 3), word(p, 4), word(p, 5), word(p, 6), word(p, 7), word(p, 8),
        word(p, 9), word(p, 10)); break;
      case 33: rmspropCentered(word(p, 1), word(p, 2), word(p, 3), word(p, 4), word(p, 5), <f32>scalar(p, 0), scalar(p, 1),
        <f32>scalar(p, 2)); break;
      case 34: gatherBytes(word(p, 1), word(p, 2), word(p, 3), word(p, 4), word(p, 5), word(p, 6)); break;
      case 35: qLambdaTargets(word(p, 1), word(p, 2), word(p, 3), word(p, 4), <f32>scalar(p, 0)); break;
      default: return;
    }
  }
}

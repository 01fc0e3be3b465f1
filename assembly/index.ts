// What the module exports. `src/kernels/kernels.ts` documents each function and its shapes.
export { acrobotStep } from "./acrobot";
export { reluBackward, tanhBackward, tanhForward } from "./activation";
export { batchNormBackward, batchNormEvaluate, batchNormForward } from "./batchNorm";
export { cartPoleStep } from "./cartPole";
export { denseForward, denseForwardOne } from "./dense";
export { denseBackwardInput } from "./denseBackwardInput";
export { denseBackwardWeights } from "./denseBackwardWeights";
export { duelingBackward, duelingForward, duelingForwardOne } from "./dueling";
export { gatherRows } from "./gather";
export { clampValues, clipNorm } from "./gradientClip";
export { mountainCarStep } from "./mountainCar";
export { adam, rmsprop, sgd } from "./optimizer";
export { softUpdate } from "./softUpdate";
export { doubleTarget, huberGradient, mseGradient, tdTarget } from "./tdError";

// What the module exports. `src/kernels/kernels.ts` documents each function and its shapes.
export { reluBackward, tanhBackward, tanhForward } from "./activation";
export { adam } from "./adam";
export { cartPoleStep } from "./cartPole";
export { denseBackwardInput, denseBackwardWeights, denseForward, denseForwardOne } from "./dense";
export { gatherRows } from "./gather";
export { multiplyAddPeak } from "./peak";
export { softUpdate } from "./softUpdate";
export { huberGradient, mseGradient, tdTarget } from "./tdError";

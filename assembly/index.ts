// The exports of the module. src/kernels/js/ has a file of the same name for each of these: it states the contract (formula,
// shapes, units) of every function.
export * from "./acrobot";
export * from "./actionMask";
export * from "./activation";
export * from "./batchNorm";
export * from "./cartPole";
export * from "./dense";
export * from "./denseBackwardInput";
export * from "./denseBackwardWeights";
export * from "./dueling";
export * from "./gather";
export * from "./gradientClip";
export * from "./mountainCar";
export * from "./optimizer";
export * from "./softUpdate";
export * from "./tdError";

// Exports every kernel of the module.
export * from "./acrobot";
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

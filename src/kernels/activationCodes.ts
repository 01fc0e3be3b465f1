/** Values of the argument `activation` of `denseBackwardInput`. */
export const activationCodes = { identity: 0, relu: 1, tanh: 2 } as const;

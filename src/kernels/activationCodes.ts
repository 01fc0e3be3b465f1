/** The activation codes that `denseBackwardInput` takes. */
export const activationCodes = { identity: 0, relu: 1, tanh: 2 } as const;

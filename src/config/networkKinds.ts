/** Activations of a network. */
export const activationKind = { kind: "choice", options: ["relu", "tanh", "identity"] } as const;

/** Paddings of a convolution. */
export const paddingKind = { kind: "choice", options: ["valid", "same"] } as const;

/** Upper bound of hidden layers. Deeper dense networks do not learn. */
export const MOST_HIDDEN_LAYERS = 100;

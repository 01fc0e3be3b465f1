/** A hidden layer's activation. */
export type Activation = "relu" | "tanh" | "identity";

/** A Q-network: observation -> hidden layers, each with the activation -> one value an action. */
export interface NetworkShape {
  readonly observationSize: number;
  readonly hiddenSizes: readonly number[];
  readonly activation: Activation;
  readonly actionCount: number;
}

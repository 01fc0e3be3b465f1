/** An activation function. */
export type Activation = "relu" | "tanh" | "identity";

/**
 * A Q-network: observation -> hidden layers, each with batch normalisation if asked for and the activation -> one value an
 * action, through a dueling head if asked for, then the output activation.
 */
export interface NetworkShape {
  readonly observationSize: number;
  readonly hiddenSizes: readonly number[];
  readonly activation: Activation;
  readonly outputActivation: Activation;
  readonly batchNorm: boolean;
  readonly dueling: boolean;
  readonly actionCount: number;
}

export type Activation = "relu" | "tanh" | "identity";

/**
 * A Q-network: observation -> hidden layers -> one Q-value per action. A hidden layer is: dense, optional batch normalisation,
 * activation. The last layer is dense with the output activation, or a dueling head.
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

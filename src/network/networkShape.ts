export type Activation = "relu" | "tanh" | "identity";

/**
 * A Q-network: observation -> optional normalisation -> hidden layers -> one Q-value per action. A hidden layer is: dense, optional batch normalisation,
 * activation. The last layer is dense with the output activation, or a dueling head.
 */
export interface NetworkShape {
  readonly observationSize: number;
  /** Whether the observation is normalised with a running mean and variance. */
  readonly normalizeObservations: boolean;
  readonly hiddenSizes: readonly number[];
  readonly activation: Activation;
  readonly outputActivation: Activation;
  readonly batchNorm: boolean;
  readonly dueling: boolean;
  readonly actionCount: number;
}

export type Activation = "relu" | "tanh" | "identity";

/**
 * A Q-network: observation -> optional normalisation -> hidden layers -> one Q-value per action. A hidden layer is: convolution or dense,
 * optional batch or layer normalisation, activation. The last layer is dense with the output activation, or a dueling head.
 */
export interface NetworkShape {
  readonly observationSize: number;
  /** Rows, columns and channels of an observation, if it is a grid. Convolutions need them. */
  readonly observationShape?: readonly number[] | undefined;
  /** Whether the observation is normalised with a running mean and variance. */
  readonly normalizeObservations: boolean;
  /** Filters of each convolution; empty for none. */
  readonly convFilters: readonly number[];
  /** Rows and columns of each convolution's kernel. */
  readonly kernelSize: number;
  readonly stride: number;
  readonly padding: "valid" | "same";
  readonly hiddenSizes: readonly number[];
  readonly activation: Activation;
  readonly outputActivation: Activation;
  readonly batchNorm: boolean;
  readonly layerNorm: boolean;
  readonly dueling: boolean;
  readonly actionCount: number;
}

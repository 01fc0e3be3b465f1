import type { Region } from "./arena.ts";
import type { NetworkShape } from "./networkShape.ts";
import type { ParameterLayout } from "./parameterLayout.ts";

/** Scratch of a layer for a batch. */
export interface LayerScratch {
  /** (outputs, batch) each: the layer's final output, and the gradient of the loss with respect to it. */
  readonly output: Region;
  readonly gradient: Region;
  /** (outputs, batch), (outputs), (outputs): inputs of batch normalisation, their mean and inverse standard deviation; or empty. */
  readonly beforeNorm: Region;
  readonly mean: Region;
  readonly inverseStd: Region;
}

/** Scratch of a forward and a backward pass. */
export interface BatchScratch {
  /** (trainable): gradient of the loss with respect to the trainable parameters. */
  readonly gradient: Region;
  /** (actions, batch) each: Q-values, and the gradient of the loss with respect to them. */
  readonly q: Region;
  readonly dQ: Region;
  /** (observationSize, batch): the normalised observations; empty without normalisation. */
  readonly normalized: Region;
  readonly layers: readonly LayerScratch[];
  /** (4, batch) or (outputs of the widest layer, 16), whichever is larger: repacked operands of the backward kernels. */
  readonly workspace: Region;
}

/** Memory plan of a `BatchNetwork`. */
export interface BatchPlan {
  readonly shape: NetworkShape;
  readonly parameters: ParameterLayout;
  /** Columns of a batch, padding included; a multiple of 8. */
  readonly batch: number;
  readonly scratch: BatchScratch;
}

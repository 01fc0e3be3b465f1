import type { Region } from "./arena.ts";
import type { NetworkShape } from "./networkShape.ts";
import type { ParameterLayout } from "./parameterLayout.ts";

/** Scratch of one layer for a batch. */
export interface LayerScratch {
  /** (outputs, batch) each: the layer's output after normalisation and activation, and the loss's gradient of it. */
  readonly output: Region;
  readonly gradient: Region;
  /** (outputs, batch), (outputs), (outputs): values before normalisation, their mean and inverse standard deviation. Empty without it. */
  readonly beforeNorm: Region;
  readonly mean: Region;
  readonly inverseStd: Region;
}

/** Memory that a forward and a backward pass overwrite. */
export interface BatchScratch {
  /** (trainable): gradient of the loss with respect to the trainable parameters. */
  readonly gradient: Region;
  /** (actions, batch) each: Q-values, and the loss's gradient with respect to them. */
  readonly q: Region;
  readonly dQ: Region;
  readonly layers: readonly LayerScratch[];
  /** (4, batch) or (outputs of the widest layer, 4), whichever is larger: repacked operands of the backward kernels. */
  readonly workspace: Region;
}

/** What `BatchNetwork` needs to know of a memory. */
export interface BatchPlan {
  readonly shape: NetworkShape;
  readonly parameters: ParameterLayout;
  /** Columns of a batch, padding included; a multiple of 8. */
  readonly batch: number;
  readonly scratch: BatchScratch;
}

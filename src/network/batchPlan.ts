import type { Region } from "./arena.ts";
import type { NetworkShape } from "./networkShape.ts";
import type { ParameterLayout } from "./parameterLayout.ts";

/** Scratch of a layer for a batch, each (outputs, batch) but for the statistics. */
export interface LayerScratch {
  /** What comes out of the layer: after normalisation and activation. */
  readonly output: Region;
  /** The loss's gradient with respect to it. */
  readonly gradient: Region;
  /** Before normalisation, and the batch's mean and inverse standard deviation (outputs); empty without it. */
  readonly beforeNorm: Region;
  readonly mean: Region;
  readonly inverseStd: Region;
}

/** Memory that `BatchNetwork` needs for forward and backward passes. */
export interface BatchPlan {
  readonly shape: NetworkShape;
  readonly parameters: ParameterLayout;
  /** Columns of a batch, padding included; a multiple of 8. */
  readonly batch: number;
  /** Gradient of the loss with respect to the trainable parameters. */
  readonly gradient: Region;
  /** (actions, batch): Q-values, and the loss's gradient with respect to them. */
  readonly q: Region;
  readonly dQ: Region;
  readonly layers: readonly LayerScratch[];
  /** (4, batch) or (outputs of the widest layer, 4), whichever is larger: workspace of the backward kernels. */
  readonly scratch: Region;
}

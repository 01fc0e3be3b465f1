import type { Arena, Region } from "./arena.ts";
import { type LayerArrays, type LayerMemory, planLayer } from "./forward.ts";
import { layerTrainings } from "./layerTrainings.ts";
import type { NetworkShape } from "./networkShape.ts";
import type { ParameterLayout } from "./parameterLayout.ts";

/** Arrays of a layer for a forward and a backward pass. */
export interface BatchLayer extends LayerArrays {
  /** (outputs, batch): gradient of the loss with respect to the outputs; empty if it is not needed. */
  readonly gradient: Region;
}

/** Scratch of a backward pass. */
export interface BatchScratch {
  /** (trainable): gradient of the loss with respect to the trainable parameters. */
  readonly gradient: Region;
  /** (actions, batch) each: Q-values, and the gradient of the loss with respect to them. They are the last layer's arrays. */
  readonly q: Region;
  readonly dQ: Region;
  /** (4, batch) or (outputs of the widest layer, 16), whichever is larger: repacked operands of the backward kernels. */
  readonly workspace: Region;
}

/** Memory of a network that learns from batches. */
export interface BatchPlan extends LayerMemory {
  readonly shape: NetworkShape;
  /** Columns of a batch, padding included; a multiple of 8. */
  readonly batch: number;
  /** Scratch, as all of `scratch`. */
  readonly layers: readonly BatchLayer[];
  readonly scratch: BatchScratch;
}

/** Allocates the arrays of the layers for a batch. */
export function planLayers(
  arena: Arena,
  { layers }: ParameterLayout,
  batch: number,
): readonly BatchLayer[] {
  let before: Region;
  return layers.map(({ layer }) => {
    const training = layerTrainings[layer.kind];
    const arrays = planLayer(arena, layer, batch, training?.arrays && training);
    const size = training === null ? 0 : layer.outputs * batch;
    before = training?.inPlace ? before : arena.f32(size);
    return { ...arrays, gradient: before };
  });
}

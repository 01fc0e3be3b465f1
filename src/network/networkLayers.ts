import { type BatchNorm, batchNorm } from "./layers/batchNorm.ts";
import { type Dense, dense } from "./layers/dense.ts";
import { type DuelingHead, duelingHead } from "./layers/duelingHead.ts";
import { type InputNorm, inputNorm } from "./layers/inputNorm.ts";
import type { NetworkShape } from "./networkShape.ts";

/** A layer of a network. */
export type Layer = BatchNorm | Dense | DuelingHead | InputNorm;

/** A layer of one kind. */
export type LayerOf<Kind extends Layer["kind"]> = Extract<Layer, { readonly kind: Kind }>;

/** Returns the layers of a network, from the observation to the Q-values. */
export function networkLayers(shape: NetworkShape): readonly Layer[] {
  const { actionCount, activation, hiddenSizes, observationSize, outputActivation } = shape;
  const layers: Layer[] = shape.normalizeObservations ? [inputNorm(observationSize)] : [];
  let inputs = observationSize;
  hiddenSizes.forEach((outputs, k) => {
    layers.push(dense(`fc${k + 1}`, inputs, outputs, shape.batchNorm ? "identity" : activation));
    if (shape.batchNorm) layers.push(batchNorm(`bn${k + 1}`, outputs, activation));
    inputs = outputs;
  });
  const head = shape.dueling
    ? duelingHead(inputs, actionCount, outputActivation)
    : [dense(`fc${hiddenSizes.length + 1}`, inputs, actionCount, outputActivation)];
  return [...layers, ...head];
}

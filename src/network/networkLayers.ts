import { type BatchNorm, batchNorm } from "./layers/batchNorm.ts";
import { type Convolution, convolutions } from "./layers/convolution.ts";
import { type Dense, dense } from "./layers/dense.ts";
import { type DuelingHead, duelingHead } from "./layers/duelingHead.ts";
import { type InputNorm, inputNorm } from "./layers/inputNorm.ts";
import { type LayerNorm, layerNorm } from "./layers/layerNorm.ts";
import type { NetworkShape } from "./networkShape.ts";

/** A layer of a network. */
export type Layer = BatchNorm | Convolution | Dense | DuelingHead | InputNorm | LayerNorm;

/** A layer of one kind. */
export type LayerOf<Kind extends Layer["kind"]> = Extract<Layer, { readonly kind: Kind }>;

/**
 * Returns the layers of a network, from the observation to the Q-values.
 * @throws UsageError if a convolution's kernel is larger than its grid
 */
export function networkLayers(shape: NetworkShape): readonly Layer[] {
  const { actionCount, hiddenSizes, observationSize, outputActivation } = shape;
  const layers: Layer[] = shape.normalizeObservations ? [inputNorm(observationSize)] : [];
  const normed = shape.batchNorm || shape.layerNorm;
  const activation = normed ? "identity" : shape.activation;
  let number = 0;
  /** Adds a hidden layer and its normalisation. */
  const hide = (layer: Convolution | Dense, sizes: readonly [number, ...number[]]) => {
    number++;
    layers.push(layer);
    if (shape.batchNorm) layers.push(batchNorm(`bn${number}`, layer.outputs, shape.activation));
    // #grids
    if (shape.layerNorm) layers.push(layerNorm(`ln${number}`, sizes, shape.activation));
    // #end
    return layer.outputs;
  };

  let inputs = observationSize;
  // #grids
  for (const layer of convolutions(shape, activation)) inputs = hide(layer, layer.outputShape);
  // #end
  hiddenSizes.forEach((outputs, k) => {
    inputs = hide(dense(`fc${k + 1}`, inputs, outputs, activation), [outputs]);
  });
  const head = shape.dueling
    ? duelingHead(inputs, actionCount, outputActivation)
    : [dense(`fc${hiddenSizes.length + 1}`, inputs, actionCount, outputActivation)];
  return layers.concat(head);
}

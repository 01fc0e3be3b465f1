import { MOST_HIDDEN_LAYERS } from "../config/networkKinds.ts";
import { refuseUnless } from "../errors.ts";
import type { NetworkShape } from "../network/networkShape.ts";
import { product } from "../numerics/product.ts";
import { parseJson } from "./fileValues.ts";
import { isSizes } from "./safetensors.ts";

/** Layers of a network for grids: convolutions, the grid that they read, and layer normalisation. */
export type GridShape = Pick<
  NetworkShape,
  "convFilters" | "kernelSize" | "stride" | "padding" | "observationShape" | "layerNorm"
>;

const none = { convFilters: [], kernelSize: 1, stride: 1, padding: "valid", observationShape: [] };

/**
 * Parses what a policy's metadata says of these layers.
 * @throws UsageError if the sizes are damaged or do not fit `observationSize`
 */
export function readGridShape(
  { convolution: text, layer_norm }: Readonly<Record<string, string>>,
  observationSize: number,
): GridShape {
  const layerNorm = layer_norm === "true";
  if (text === undefined) return { ...none, layerNorm } as GridShape;
  const grid: typeof none = { ...none, ...(parseJson(text) as object) };
  const { convFilters, kernelSize, observationShape, stride } = grid;
  const sizes = [convFilters, observationShape, [kernelSize, stride]];
  const known =
    sizes.every((list) => isSizes(list) && !list.includes(0)) &&
    convFilters.length < MOST_HIDDEN_LAYERS + 2 &&
    product(observationShape) === observationSize;
  refuseUnless(known, "convolution", "sizes of convolutions and their grid", text);
  return { ...grid, layerNorm } as GridShape;
}

import { MOST_HIDDEN_LAYERS } from "../config/networkKinds.ts";
import { refuseUnless } from "../errors.ts";
import type { NetworkShape } from "../network/networkShape.ts";
import { product } from "../numerics/product.ts";
import { parseJson } from "./fileValues.ts";
import { isSizes } from "./safetensors.ts";

/** Convolutions of a network, and the grid that they read. */
export type GridShape = Pick<
  NetworkShape,
  "convFilters" | "kernelSize" | "stride" | "padding" | "observationShape"
>;

const none = { convFilters: [], kernelSize: 1, stride: 1, padding: "valid", observationShape: [] };

/**
 * Parses a policy's metadata of its convolutions; undefined if it has none.
 * @throws UsageError if the sizes are damaged or do not fit `observationSize`
 */
export function readGridShape(text: string | undefined, observationSize: number): GridShape {
  if (text === undefined) return none as GridShape;
  const grid: typeof none = { ...none, ...(parseJson(text) as object) };
  const { convFilters, kernelSize, observationShape, stride } = grid;
  const sizes = [convFilters, observationShape, [kernelSize, stride]];
  const known =
    sizes.every((list) => isSizes(list) && !list.includes(0)) &&
    convFilters.length < MOST_HIDDEN_LAYERS + 2 &&
    product(observationShape) === observationSize;
  refuseUnless(known, "convolution", "sizes of convolutions and their grid", text);
  return grid as GridShape;
}

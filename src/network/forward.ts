import type { Recording } from "../kernels/program.ts";
import type { Arena, Region } from "./arena.ts";
import type { ForwardPass, LayerArray, LayerEvaluation, Pointers } from "./layer.ts";
import { batchNormEvaluation } from "./layers/batchNorm.ts";
import { convolutionEvaluation } from "./layers/convolution.ts";
import { denseEvaluation } from "./layers/dense.ts";
import { duelingHeadEvaluation } from "./layers/duelingHead.ts";
import { inputNormEvaluation } from "./layers/inputNorm.ts";
import { layerNormEvaluation } from "./layers/layerNorm.ts";
import type { Layer, LayerOf } from "./networkLayers.ts";
import type { ParameterLayout, PlacedLayer } from "./parameterLayout.ts";

/** Arrays of a layer. */
export interface LayerArrays {
  /** (outputs, columns). That of the last layer has the Q-values. */
  readonly output: Region;
  /** See `LayerEvaluation.arrays`. */
  readonly arrays: Readonly<Record<string, LayerArray>>;
}

/** Arrays of a network's layers, and the layout of its parameters. */
export interface LayerMemory {
  readonly parameters: ParameterLayout;
  readonly layers: readonly LayerArrays[];
}

/** Arguments of a forward pass, as byte offsets. */
export interface ForwardPointers {
  readonly parametersPtr: number;
  /** (observationSize, width). */
  readonly inputPtr: number;
  /** (actionCount, width): receives the Q-values; by default the last layer's output. */
  readonly qPtr?: number;
  /** Parameters with the observations' mean and variance; by default `parametersPtr`. */
  readonly normPtr?: number;
}

/** Evaluation, or another forward pass, of each kind of layer. */
export type Evaluations = Readonly<Record<Layer["kind"], LayerEvaluation<Layer, string>>>;

/** Evaluation mode: batch normalisation uses the running statistics. */
export const evaluations = {
  batchNorm: batchNormEvaluation,
  // #grids
  convolution: convolutionEvaluation,
  layerNorm: layerNormEvaluation,
  // #end
  dense: denseEvaluation,
  duelingHead: duelingHeadEvaluation,
  inputNorm: inputNormEvaluation,
} satisfies {
  readonly [Kind in Layer["kind"]]: LayerEvaluation<LayerOf<Kind>, string>;
} as Evaluations;

/** Allocates the arrays of a layer for `columns` columns. */
export function planLayer(
  arena: Arena,
  layer: Layer,
  columns: number,
  { arrays }: Pick<LayerEvaluation<Layer, string>, "arrays"> = evaluations[layer.kind],
): LayerArrays {
  const output = arena.f32(layer.outputs * columns);
  const placed: Record<string, LayerArray> = {};
  // #grids
  for (const [name, array] of Object.entries(arrays?.(layer, columns) ?? {})) {
    placed[name] =
      typeof array === "number" ? arena.f32(array) : { ...array, ...arena.u32(array.length) };
  }
  // #end
  return { output, arrays: placed };
}

/** Returns byte offsets that begin at `base`. */
export function pointersFrom(base: number, offsets: Pointers): Pointers {
  return Object.fromEntries(Object.entries(offsets).map(([key, offset]) => [key, base + offset]));
}

/** Returns the layers of a network with their arrays in a forward pass. */
export function forwardPasses(
  { layers, parameters }: LayerMemory,
  { inputPtr, parametersPtr, normPtr = parametersPtr, qPtr }: ForwardPointers,
  width: number,
): (ForwardPass<Layer> & PlacedLayer)[] {
  let from = inputPtr;
  return parameters.layers.map(({ layer, offsets }, k) => {
    const { arrays, output } = layers[k]!;
    const pass = {
      layer,
      offsets,
      width,
      inputPtr: from,
      outputPtr: (layers[k + 1] ? null : qPtr) ?? output.offset,
      lowerBound: layer.activation === "relu" ? 0 : -Infinity,
      parameters: pointersFrom(layer.kind === "inputNorm" ? normPtr : parametersPtr, offsets),
      arrays,
    };
    from = pass.outputPtr;
    return pass;
  });
}

/**
 * Records a forward pass: it computes the Q-values of `width` observations.
 * @param width 1 or a multiple of 8
 * @param forwards by default in evaluation mode
 */
export function recordForward(
  program: Recording,
  memory: LayerMemory,
  pointers: ForwardPointers,
  width: number,
  forwards = evaluations,
): void {
  for (const pass of forwardPasses(memory, pointers, width)) {
    const { arrays, layer, outputPtr } = pass;
    // #grids
    for (const array of Object.values(arrays)) if ("values" in array) program.tables.push(array);
    // #end
    forwards[layer.kind].recordForward(program, layer, pass);
    if (layer.activation === "tanh") program.call("tanhForward", outputPtr, layer.outputs * width);
  }
}

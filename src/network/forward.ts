import type { Recording } from "../kernels/program.ts";
import type { Arena, Region } from "./arena.ts";
import type { ForwardPass, Pointers, RecordForward } from "./layer.ts";
import { recordBatchNorm } from "./layers/batchNorm.ts";
import { recordDense } from "./layers/dense.ts";
import { recordDuelingHead } from "./layers/duelingHead.ts";
import { recordInputNorm } from "./layers/inputNorm.ts";
import type { Layer, LayerOf } from "./networkLayers.ts";
import type { ParameterLayout, PlacedLayer } from "./parameterLayout.ts";

/** Arrays of a layer. */
export interface LayerArrays {
  /** (outputs, columns). That of the last layer has the Q-values. */
  readonly output: Region;
  /** See `LayerTraining.kept`; empty if the layer only evaluates. */
  readonly kept: Readonly<Record<string, Region>>;
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

/** Recorder of the forward pass of each kind of layer. */
export type ForwardRecorders = { readonly [Kind in Layer["kind"]]: RecordForward<LayerOf<Kind>> };

/** Recorders in evaluation mode: batch normalisation uses the running statistics. */
export const evaluation: ForwardRecorders = {
  batchNorm: recordBatchNorm,
  dense: recordDense,
  duelingHead: recordDuelingHead,
  inputNorm: recordInputNorm,
};

/** Allocates the outputs of the layers for an evaluation of `columns` observations. */
export function planOutputs(
  arena: Arena,
  { layers }: ParameterLayout,
  columns: number,
): LayerArrays[] {
  return layers.map(({ layer }) => ({ output: arena.f32(layer.outputs * columns), kept: {} }));
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
    const { kept, output } = layers[k]!;
    const pass = {
      layer,
      offsets,
      width,
      inputPtr: from,
      outputPtr: (layers[k + 1] ? null : qPtr) ?? output.offset,
      lowerBound: layer.activation === "relu" ? 0 : -Infinity,
      parameters: pointersFrom(layer.kind === "inputNorm" ? normPtr : parametersPtr, offsets),
      kept,
    };
    from = pass.outputPtr;
    return pass;
  });
}

/**
 * Records a forward pass: it computes the Q-values of `width` observations.
 * @param width 1 or a multiple of 8
 * @param recorders by default in evaluation mode
 */
export function recordForward(
  program: Recording,
  memory: LayerMemory,
  pointers: ForwardPointers,
  width: number,
  recorders = evaluation,
): void {
  for (const pass of forwardPasses(memory, pointers, width)) {
    const { layer, outputPtr } = pass;
    (recorders[layer.kind] as RecordForward<Layer>)(program, layer, pass);
    if (layer.activation === "tanh") program.call("tanhForward", outputPtr, layer.outputs * width);
  }
}

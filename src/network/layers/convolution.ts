import { refuseUnless } from "../../errors.ts";
import { activationCodes } from "../../kernels/activationCodes.ts";
import {
  type Convolution as Convolution2d,
  convolutionScratch,
  convolvedSize,
  forwardScratch,
  gradientRows,
  patchRows,
} from "../../kernels/convolutionRows.ts";
import { product } from "../../numerics/product.ts";
import type { LayerBase, LayerEvaluation, LayerTraining } from "../layer.ts";
import type { Activation, NetworkShape } from "../networkShape.ts";
import { type Dense, weightAndBias } from "./dense.ts";

/** A two-dimensional convolution. Its outputs are (filters, rows, columns), as those of PyTorch's Conv2d. */
export interface Convolution extends LayerBase {
  readonly kind: "convolution";
  readonly parameters: Dense["parameters"];
  readonly filters: number;
  /** (filters, rows, columns). */
  readonly outputShape: readonly [number, number, number];
  /** Products per output. */
  readonly patch: number;
  /** Outputs per filter. */
  readonly pixels: number;
  /** The inputs. */
  readonly grid: Convolution2d;
  /** Whether the channels of the inputs are the first axis, as in the outputs of a convolution, or the last, as in an observation. */
  readonly order: "first" | "last";
}

function convolution(
  name: string,
  grid: Convolution2d,
  order: Convolution["order"],
  filters: number,
  activation: Activation,
): Convolution {
  const { channels, columns, kernelSize, rows } = grid;
  const outputShape = [filters, convolvedSize(rows, grid), convolvedSize(columns, grid)] as const;
  return {
    kind: "convolution",
    name,
    inputs: rows * columns * channels,
    outputs: product(outputShape),
    activation,
    parameters: weightAndBias([filters, channels, kernelSize, kernelSize]),
    parts: [[name, 0, filters]],
    filters,
    outputShape,
    patch: channels * kernelSize * kernelSize,
    pixels: outputShape[1] * outputShape[2],
    grid,
    order,
  };
}

/**
 * Returns the convolutions of a network, from the observation on.
 * @throws UsageError if a kernel is larger than its grid
 */
export function convolutions(
  { convFilters, kernelSize, observationShape = [], padding, stride }: NetworkShape,
  activation: Activation,
): Convolution[] {
  let [rows = 0, columns = 0, channels = 0] = observationShape;
  return convFilters.map((filters, k) => {
    const most = Math.min(rows, columns);
    refuseUnless(kernelSize <= most, "kernelSize", `at most the grid's size, ${most}`, kernelSize);
    const grid = { rows, columns, channels, kernelSize, stride, padding };
    const layer = convolution(
      `conv${k + 1}`,
      grid,
      k === 0 ? "last" : "first",
      filters,
      activation,
    );
    [channels, rows, columns] = layer.outputShape;
    return layer;
  });
}

/** The rows of the input that each output reads, and scratch of the kernels. */
type Arrays = "rows" | "scratch";

export const convolutionEvaluation: LayerEvaluation<Convolution, Arrays> = {
  arrays: ({ filters, grid, order, patch, pixels }) => ({
    rows: { length: pixels * patch, values: () => patchRows(grid, order) },
    scratch: forwardScratch(grid, filters),
  }),
  recordForward(
    program,
    { filters, patch, pixels },
    { arrays, inputPtr, lowerBound, outputPtr, parameters, width },
  ) {
    const { rows, scratch } = arrays;
    const weights = [parameters.weight, parameters.bias] as const;
    const pointers = [outputPtr, inputPtr, ...weights, rows.offset, scratch.offset] as const;
    const sizes = [filters, patch, pixels] as const;
    if (width === 1) program.call("convForwardOne", ...pointers, ...sizes, lowerBound);
    else program.call("convForward", ...pointers, ...sizes, width, lowerBound);
  },
};

export const convolutionTraining: LayerTraining<Convolution, Arrays | "gradientRows"> = {
  arrays(layer, columns) {
    const { filters, grid } = layer;
    const { columns: across, kernelSize, rows } = grid;
    return {
      ...convolutionEvaluation.arrays!(layer, columns),
      scratch: convolutionScratch(grid, filters, columns),
      gradientRows: {
        length: rows * across * filters * kernelSize * kernelSize,
        values: () => gradientRows(grid, filters),
      },
    };
  },
  recordBackward(program, layer, pass) {
    const { arrays, dInputPtr, dOutputPtr, gradients, inputPtr, parameters, width } = pass;
    const { filters, grid, patch, pixels } = layer;
    // biome-ignore format: outputs, inputs, shape
    program.call("convBackwardWeights",
      gradients.weight, gradients.bias,
      dOutputPtr, inputPtr, arrays.rows.offset, arrays.scratch.offset,
      filters, patch, pixels, width,
    );
    if (dInputPtr === null) return;
    // biome-ignore format: outputs, inputs, shape
    program.call("convBackwardInput",
      dInputPtr,
      dOutputPtr, parameters.weight, inputPtr, arrays.gradientRows.offset, arrays.scratch.offset,
      filters, grid.channels, grid.kernelSize * grid.kernelSize, grid.rows * grid.columns, width, activationCodes[pass.inputActivation],
    );
  },
};

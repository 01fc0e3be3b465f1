import { readFileSync } from "node:fs";
import type { Convolution } from "../../src/kernels/convolutionRows.ts";
import type { OptimizerOptions } from "../../src/dqn/optimizer.ts";

/** A convolution with ReLU, and with layer normalisation if it has `scale`, computed by PyTorch. Arrays are (batch, channels, rows, columns). */
export interface GoldenLayer extends Convolution {
  readonly filters: number;
  readonly batch: number;
  readonly x: number[];
  readonly weight: number[];
  readonly bias: number[];
  /** Gradient of the outputs. */
  readonly d: number[];
  readonly y: number[];
  readonly dX: number[];
  readonly dWeight: number[];
  readonly dBias: number[];
  readonly scale?: number[];
  readonly shift?: number[];
  readonly dScale?: number[];
  readonly dShift?: number[];
}

/** Steps of an optimizer: the weights after each gradient. */
export interface GoldenOptimizer {
  readonly name: string;
  readonly options: Partial<OptimizerOptions>;
  readonly maxGradNorm: number | null;
  readonly weights: number[];
  readonly gradients: number[][];
  readonly after: number[][];
}

export const golden = JSON.parse(readFileSync(new URL("grid.json", import.meta.url), "utf8")) as {
  layers: GoldenLayer[];
  optimizers: GoldenOptimizer[];
};

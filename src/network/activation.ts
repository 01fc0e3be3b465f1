import type { Recording } from "../kernels/program.ts";
import type { Activation } from "./networkShape.ts";

/** Records the multiplication of a gradient by the activation's derivative at its output. `count` is a multiple of 4. */
export function recordDerivative(
  program: Recording,
  activation: Activation,
  dPtr: number,
  outputPtr: number,
  count: number,
): void {
  if (activation === "tanh") program.call("tanhBackward", dPtr, outputPtr, count);
  if (activation === "relu") program.call("reluBackward", dPtr, outputPtr, count);
}

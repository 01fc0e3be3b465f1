import type { ActingPlan } from "./actingPlan.ts";
import type { Region } from "./arena.ts";
import type { ParameterLayout } from "./parameterLayout.ts";

/** Output of a hidden layer, after normalisation and activation: its first `size` numbers are those of one observation. */
export interface HiddenOutput {
  readonly output: Region;
  readonly size: number;
}

/** Returns the outputs of the layers that a dense layer follows, without that of the observation's normalisation. */
export function hiddenOutputs(
  { layers }: ParameterLayout,
  { layers: arrays }: ActingPlan,
): HiddenOutput[] {
  return arrays.flatMap(({ output }, k) => {
    const { kind, outputs } = layers[k]!.layer;
    const isHidden = layers[k + 1]?.layer.kind === "dense" && kind !== "inputNorm";
    return isHidden ? [{ output, size: outputs }] : [];
  });
}

import type { Chain, Region } from "./arena.ts";
import type { NetworkShape } from "./networkShape.ts";
import type { ParameterLayout } from "./parameterLayout.ts";

/** Scratch for choosing an action: one observation, the outputs of each layer for it, and its Q-values. */
export interface ActingPlan {
  readonly observation: Region;
  readonly outputs: readonly Region[];
  readonly q: Region;
}

export function planActing(
  chain: Chain,
  shape: NetworkShape,
  parameters: ParameterLayout,
): ActingPlan {
  return {
    observation: chain.words(shape.observationSize),
    outputs: parameters.layers.map((layer) => chain.words(layer.outputs)),
    q: chain.words(shape.actionCount),
  };
}

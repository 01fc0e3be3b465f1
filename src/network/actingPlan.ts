import type { Arena, Region } from "./arena.ts";
import type { NetworkShape } from "./networkShape.ts";
import type { ParameterLayout } from "./parameterLayout.ts";

/** Memory for choosing an action: one observation, the outputs of each layer for it, and its Q-values. */
export interface ActingPlan {
  readonly observation: Region;
  readonly outputs: readonly Region[];
  readonly q: Region;
}

/** @param observation where the observation lies; by default in a new region */
export function planActing(
  arena: Arena,
  shape: NetworkShape,
  parameters: ParameterLayout,
  observation: Region = arena.f32(shape.observationSize),
): ActingPlan {
  return {
    observation,
    outputs: parameters.layers.map((layer) => arena.f32(layer.outputs)),
    q: arena.f32(shape.actionCount),
  };
}

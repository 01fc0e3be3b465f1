import type { Arena, Region } from "./arena.ts";
import type { NetworkShape } from "./networkShape.ts";
import type { ParameterLayout } from "./parameterLayout.ts";

/** Memory of an `ActingNetwork`: one observation, the outputs of each layer, and the Q-values. */
export interface ActingPlan {
  readonly observation: Region;
  readonly outputs: readonly Region[];
  readonly q: Region;
}

/** @param observation region of the observation; by default a new one */
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

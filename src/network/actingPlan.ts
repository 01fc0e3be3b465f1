import type { Arena, Region } from "./arena.ts";
import type { NetworkShape } from "./networkShape.ts";
import type { ParameterLayout } from "./parameterLayout.ts";

/** Columns for episodes in lockstep: 100 episodes are played in groups of 8, 24 and 68, and a batch is a multiple of 8. */
const LOCKSTEP_COLUMNS = 72;

/** Memory of an `ActingNetwork`: observations, the outputs of each layer, and the Q-values, each (size, columns). */
export interface ActingPlan {
  /** Maximum number of observations at once. */
  readonly columns: number;
  readonly observation: Region;
  readonly outputs: readonly Region[];
  readonly q: Region;
  /** States of as many episodes, in the environment's layout; empty if episodes are played one by one. */
  readonly episodes: Region<"u8">;
}

/**
 * @param episodeBytes bytes of an episode that is played in lockstep with others; 0 if episodes are played one by one
 * @param observation region of the observation; by default a new one
 */
export function planActing(
  arena: Arena,
  shape: NetworkShape,
  parameters: ParameterLayout,
  episodeBytes: number,
  observation?: Region,
): ActingPlan {
  const columns = episodeBytes > 0 ? LOCKSTEP_COLUMNS : 1;
  return {
    columns,
    observation: observation ?? arena.f32(shape.observationSize * columns),
    outputs: parameters.layers.map((layer) => arena.f32(layer.outputs * columns)),
    q: arena.f32(shape.actionCount * columns),
    episodes: arena.bytes(episodeBytes * columns),
  };
}

import type { Arena, Region } from "./arena.ts";
import type { LayerScratch } from "./batchPlan.ts";
import type { NetworkShape } from "./networkShape.ts";
import type { ParameterLayout } from "./parameterLayout.ts";

/** Memory of an `ActingBatch` of up to `columns` observations. */
export interface ActingBatchPlan {
  readonly columns: number;
  /** (observationSize, columns) */
  readonly observations: Region;
  readonly layers: readonly LayerScratch[];
  /** (actionCount, columns) */
  readonly q: Region;
  /** State of the episodes, in the environment's layout. */
  readonly episodes: Region<"u8">;
}

/**
 * @param columns a multiple of 8
 * @param episodeBytes bytes of an episode's state
 */
export function planActingBatch(
  arena: Arena,
  shape: NetworkShape,
  parameters: ParameterLayout,
  columns: number,
  episodeBytes: number,
): ActingBatchPlan {
  // Only a backward pass or batch statistics would use these.
  const none = arena.f32(0);
  return {
    columns,
    observations: arena.f32(shape.observationSize * columns),
    layers: parameters.layers.map(({ norm, outputs }) => ({
      output: arena.f32(outputs * columns),
      gradient: none,
      beforeNorm: arena.f32(norm === null ? 0 : outputs * columns),
      mean: none,
      inverseStd: none,
    })),
    q: arena.f32(shape.actionCount * columns),
    episodes: arena.bytes(episodeBytes * columns),
  };
}

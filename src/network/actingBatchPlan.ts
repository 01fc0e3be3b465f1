import { Recording } from "../kernels/program.ts";
import type { Arena, Region } from "./arena.ts";
import { recordForward } from "./batchNetwork.ts";
import type { NetworkShape } from "./networkShape.ts";
import type { ParameterLayout } from "./parameterLayout.ts";

/** Forward pass for `width` observations, as a program. */
export interface BatchForward {
  readonly width: number;
  readonly forward: Recording;
  readonly program: Region<"u8">;
}

/** Memory of an `ActingBatch`. */
export interface ActingBatchPlan {
  /** (observationSize, width) */
  readonly observations: Region;
  /** (actionCount, width) */
  readonly q: Region;
  /** One per width. */
  readonly forwards: readonly BatchForward[];
}

/**
 * @param base byte offset of the network's parameters
 * @param widths numbers of columns that can be computed at once, ascending multiples of 8
 */
export function planActingBatch(
  arena: Arena,
  shape: NetworkShape,
  parameters: ParameterLayout,
  base: number,
  widths: readonly number[],
): ActingBatchPlan {
  const columns = widths.at(-1)!;
  // Only a backward pass or batch statistics would use these.
  const none = arena.f32(0);
  const layers = parameters.layers.map(({ norm, outputs }) => ({
    output: arena.f32(outputs * columns),
    gradient: none,
    beforeNorm: arena.f32(norm === null ? 0 : outputs * columns),
    mean: none,
    inverseStd: none,
  }));
  const normalized = arena.f32(parameters.inputNorm === null ? 0 : shape.observationSize * columns);
  const observations = arena.f32(shape.observationSize * columns);
  const q = arena.f32(shape.actionCount * columns);
  const scratch = { normalized, layers, q, gradient: none, dQ: none, workspace: none };
  const forwards = widths.map((width) => {
    const forward = new Recording();
    const plan = { shape, parameters, batch: width, scratch };
    recordForward(forward, plan, q.offset, base, observations.offset, "evaluation");
    return { width, forward, program: arena.bytes(forward.bytes) };
  });
  return { observations, q, forwards };
}

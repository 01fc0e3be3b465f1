import { type ActingPlan, planActing } from "./actingPlan.ts";
import { Arena, type Region } from "./arena.ts";
import type { NetworkShape } from "./networkShape.ts";
import { layOutParameters, type ParameterLayout } from "./parameterLayout.ts";

/** Memory of a policy: parameters, scratch for acting, and the state of its environment. */
export interface PolicyPlan {
  readonly shape: NetworkShape;
  readonly parameters: ParameterLayout;
  readonly online: Region;
  readonly acting: ActingPlan;
  readonly environment: Region<"u8">;
  readonly bytes: number;
}

/** @param episodeBytes see `planActing` */
export function planPolicy(
  shape: NetworkShape,
  environmentBytes: number,
  episodeBytes = 0,
): PolicyPlan {
  const arena = new Arena();
  const parameters = layOutParameters(shape);
  const online = arena.f32(parameters.length);
  const acting = planActing(arena, parameters, online.offset, { episodeBytes });
  const environment = arena.bytes(environmentBytes);
  return { shape, parameters, online, acting, environment, bytes: arena.end };
}

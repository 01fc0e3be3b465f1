import { type ActingPlan, planActing } from "./actingPlan.ts";
import { Chain, type Region } from "./arena.ts";
import type { NetworkShape } from "./networkShape.ts";
import { layOutParameters, type ParameterLayout } from "./parameterLayout.ts";

/** Memory of a policy without training: its parameters, scratch for acting, and its environment's state. */
export interface PolicyPlan {
  readonly shape: NetworkShape;
  readonly parameters: ParameterLayout;
  readonly online: Region;
  readonly acting: ActingPlan;
  readonly environment: Region;
  readonly bytes: number;
}

export function planPolicy(shape: NetworkShape, environmentBytes: number): PolicyPlan {
  const chain = new Chain();
  const parameters = layOutParameters(shape);
  const online = chain.words(parameters.length);
  const acting = planActing(chain, shape, parameters);
  const environment = chain.bytes(environmentBytes);
  return { shape, parameters, online, acting, environment, bytes: chain.end };
}

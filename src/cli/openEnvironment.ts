import type { Environment } from "../environments/environment.ts";
import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { environmentSpec, plainEnvironment, wrapCustom } from "../environments/registry.ts";
import { createCore } from "../kernels/core.ts";
import { environmentOf } from "./environmentFlag.ts";
import { fastestBackend } from "./fastestBackend.ts";

/**
 * Makes an environment to play in without a policy.
 * @throws UsageError for an unknown id, RunError for a module that cannot be loaded
 */
export async function openEnvironment(
  env: string,
): Promise<{ spec: EnvironmentSpec; environment: Environment }> {
  const own = await environmentOf(env);
  const spec = own ? wrapCustom(own, plainEnvironment) : environmentSpec(env);
  return { spec, environment: spec.make(createCore(fastestBackend(), spec.bytes), 0) };
}

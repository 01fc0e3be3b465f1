import type { Core } from "../kernels/core.ts";
import type { Environment } from "./environment.ts";
import type { EnvironmentOptions, EnvironmentSpec } from "./environmentSpec.ts";

/** Description of a built-in environment. Each environment's file exports its own. */
export interface BuiltIn<Id extends string = string>
  extends Omit<EnvironmentSpec, "actionCount" | "bytes" | "make"> {
  readonly id: Id;
  readonly actionNames: readonly string[];
  /** Time limit in steps, unless the options set another. */
  readonly maxEpisodeSteps: number;
  /** Largest reward of a step; `maxReturn` is this times the time limit if it is greater than 0. */
  readonly rewardPerStep: number;
  make(core: Core, ptr: number, maxEpisodeSteps: number, options: EnvironmentOptions): Environment;
}

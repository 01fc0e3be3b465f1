import type { Core } from "../kernels/core.ts";
import type { Environment } from "./environment.ts";
import type { EnvironmentOptions, EnvironmentSpec } from "./environmentSpec.ts";

/** Description of a built-in environment, exported by the environment's file. */
export interface BuiltIn<Id extends string = string>
  extends Omit<EnvironmentSpec, "actionCount" | "bytes" | "make"> {
  readonly id: Id;
  readonly actionNames: readonly string[];
  /** Time limit in steps, unless the options set another. */
  readonly maxEpisodeSteps: number;
  /** Maximum reward of a step. If it is greater than 0, `maxReturn` is this times the time limit. */
  readonly rewardPerStep: number;
  /** Options besides the wrappers' that the environment takes. Other environments reject them. */
  readonly ownOptions?: readonly (keyof EnvironmentOptions)[];
  make(core: Core, ptr: number, maxEpisodeSteps: number, options: EnvironmentOptions): Environment;
}

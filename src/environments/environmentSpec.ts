import type { Core } from "../kernels/core.ts";
import type { Environment } from "./environment.ts";

/** Variants of an environment. */
export interface EnvironmentOptions {
  /** Time limit in steps: 0 for none, null for the environment's own. */
  readonly maxEpisodeSteps: number | null;
  /** Number of latest observations that are stacked into one; 1 for no stacking. */
  readonly frameStack: number;
  /** Amplitude of uniform noise on each number of an observation. */
  readonly observationNoise: number;
  /** CartPole: amplitude of uniform noise on each push, in newtons. */
  readonly forceNoise: number;
  /**
   * CartPole: target position of the cart, in metres from the middle; null for the usual task. The observed position is relative to
   * the target, and the reward of a step is max(0, 1 - |distance| / 2.4).
   */
  readonly targetPosition: number | null;
}

/** Description of an environment, with a function that makes instances. */
export interface EnvironmentSpec {
  readonly id: string;
  /** Numbers in an observation. */
  readonly observationSize: number;
  readonly actionCount: number;
  /** Names of the actions, in order. */
  readonly actionNames?: readonly string[];
  /** Mean return over 100 episodes at which Gymnasium considers the task solved; null if undefined. */
  readonly rewardThreshold: number | null;
  /** Upper bound of an episode's return. Evaluations use it for their early exit. */
  readonly maxReturn: number;
  /** Bytes that an instance needs in the core's memory. */
  readonly bytes: number;
  /** Bytes per episode that evaluations need there to play many episodes together; 0 or absent if they play one by one. */
  readonly episodeBytes?: number;
  /** Makes an instance whose state starts at byte `ptr` of the core's memory. */
  make(core: Core, ptr: number): Environment;
}

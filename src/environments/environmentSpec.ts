import type { Core } from "../kernels/core.ts";
import type { Environment } from "./environment.ts";

/** Changes of a built-in environment. */
export interface EnvironmentOptions {
  /** Time limit in steps: 0 for none, null for the environment's own. */
  readonly maxEpisodeSteps: number | null;
  /** Number of latest observations stacked into one; 1 for no stacking. */
  readonly frameStack: number;
  /** Amplitude of uniform noise on each number of an observation. */
  readonly observationNoise: number;
  /** CartPole: amplitude of uniform noise on each push, in newtons. */
  readonly forceNoise: number;
  /**
   * CartPole: where the cart should stay, in metres from the middle; null for the usual task. The observed position is then
   * relative to the target, and the reward of a step is 1 - |distance| / 2.4, at least 0.
   */
  readonly targetPosition: number | null;
}

/** What is known about an environment before an instance exists. */
export interface EnvironmentSpec {
  readonly id: string;
  /** Numbers in an observation. */
  readonly observationSize: number;
  readonly actionCount: number;
  /** Names of the actions, in their order. */
  readonly actionNames?: readonly string[];
  /** Mean return over 100 episodes from which Gymnasium counts it as solved; null if it does not say. */
  readonly rewardThreshold: number | null;
  /** Upper bound of an episode's return. */
  readonly maxReturn: number;
  /** Bytes that an instance needs in the core's memory. */
  readonly bytes: number;
  /** Makes an instance whose state starts at byte `ptr` of the core's memory. */
  make(core: Core, ptr: number): Environment;
}

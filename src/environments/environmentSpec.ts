import type { Core } from "../kernels/core.ts";
import type { Environment, ObservationType } from "./environment.ts";

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

/** Description of an environment in policies, checkpoints and run folders, so that a policy never plays another game. */
export interface EnvironmentIdentity {
  readonly id: string;
  /** Numbers in an observation. */
  readonly observationSize: number;
  /** Shape of an observation, if your own environment has one. Its product is `observationSize`. */
  readonly observationShape?: readonly number[] | undefined;
  readonly actionCount: number;
  /** 2 for a game of two players who alternate; see `Environment`. */
  readonly players?: 1 | 2;
  /** Whether the environment has `legalActions`. */
  readonly hasLegalActions?: boolean;
  /** Names of the actions, in order. */
  readonly actionNames?: readonly string[] | undefined;
  /** SHA-256 of the module's file, in hexadecimal, if the environment was loaded from a module. */
  readonly hash?: string | undefined;
}

/** Description of an environment, with a function that makes instances. */
export interface EnvironmentSpec extends EnvironmentIdentity {
  /** Type of the numbers in an observation; `float32` by default. */
  readonly observationType?: ObservationType | undefined;
  /** Mean return over 100 episodes at which the task counts as solved; null if undefined. */
  readonly rewardThreshold: number | null;
  /** Upper bound of an episode's return. Evaluations use it for their early exit. */
  readonly maxReturn: number;
  /** Time limit of your environment in steps, unless the options set another. */
  readonly maxEpisodeSteps?: number | undefined;
  /** Bytes that an instance needs in the core's memory. */
  readonly bytes: number;
  /** Bytes per episode that evaluations need there to play many episodes together; 0 or absent if they play one by one. */
  readonly episodeBytes?: number;
  /** Makes an instance whose state starts at byte `ptr` of the core's memory. */
  make(core: Core, ptr: number): Environment;
}

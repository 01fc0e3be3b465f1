import type { Picture } from "../scenes/scene.ts";

/** Result of a step. The next step may overwrite the object and its observation: copy them to keep them. */
export interface StepResult {
  readonly observation: ArrayLike<number>;
  readonly reward: number;
  /** The task ended: the state has no value, because no reward can follow. */
  readonly terminated: boolean;
  /** A time limit ended the episode: the state still has a value. */
  readonly truncated: boolean;
}

/** A task with numeric observations and discrete actions, like Gymnasium's `Env`. */
export interface Environment {
  /** Numbers in an observation. */
  readonly observationSize: number;
  /** Actions are the whole numbers 0 to actionCount - 1. */
  readonly actionCount: number;
  /** Shape of an observation, such as [2, 6, 6]. Its product is `observationSize`. */
  readonly observationShape?: readonly number[];
  /** Names of the actions, in order. */
  readonly actionNames?: readonly string[];
  /** Time limit in steps, unless the configuration sets another. */
  readonly maxEpisodeSteps?: number;
  /** Mean return at which the task counts as solved, unless the configuration sets `solvedThreshold`. */
  readonly rewardThreshold?: number;
  /**
   * Starts an episode and returns its first observation. A seed (an unsigned 32-bit integer) seeds the environment's random numbers;
   * without a seed, they continue.
   */
  reset(options?: { readonly seed?: number }): ArrayLike<number>;
  step(action: number): StepResult;
  /** Returns the current state as a text of one or more lines, or as a picture. */
  render?(): string | Picture;
  /** Returns the complete state as bytes, also within an episode. Without it, a resumed run starts a new episode. */
  getState?(): Uint8Array;
  /** Restores a state from `getState`. */
  setState?(state: Uint8Array): void;
}

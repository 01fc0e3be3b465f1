import type { Picture } from "../scenes/scene.ts";
import type { LegalActions } from "./legalActions.ts";

/** Type of the numbers in an observation. */
export type ObservationType = "float32" | "uint8";

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
  /** Shape of an observation. Its product is `observationSize`. Convolutions need rows, columns, channels, such as [6, 6, 2]. */
  readonly observationShape?: readonly number[];
  /** `uint8` if all numbers of an observation are whole numbers from 0 to 255: the replay buffer then stores bytes. By default `float32`. */
  readonly observationType?: ObservationType;
  /** Names of the actions, in order. */
  readonly actionNames?: readonly string[];
  /** Time limit in steps, unless the configuration sets another. */
  readonly maxEpisodeSteps?: number;
  /** Mean return at which the task counts as solved, unless the configuration sets `solvedThreshold`. */
  readonly rewardThreshold?: number;
  /**
   * 2 for a zero-sum game whose players alternate: the observation and the legal actions are those of the player to move, the reward is
   * that of the player who moved. By default 1.
   */
  readonly players?: 1 | 2;
  /**
   * Starts an episode and returns its first observation. A seed (an unsigned 32-bit integer) seeds the environment's random numbers;
   * without a seed, they continue.
   */
  reset(options?: { readonly seed?: number }): ArrayLike<number>;
  step(action: number): StepResult;
  /**
   * Returns a mask of the current state: for each action 1 (or true) if it is legal, 0 (or false) if not. At least one action must be
   * legal until the episode terminates. Without this function, all actions are legal. The next step may overwrite the mask.
   */
  legalActions?(): LegalActions;
  /** Returns the current state as a text of one or more lines, or as a picture. */
  render?(): string | Picture;
  /** Returns the complete state as bytes, also within an episode. Without it, a resumed run starts a new episode. */
  getState?(): Uint8Array;
  /** Restores a state from `getState`. */
  setState?(state: Uint8Array): void;
}

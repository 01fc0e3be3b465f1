/** Result of one step. The next step may reuse the object and its observation: copy what you keep. */
export interface StepResult {
  readonly observation: ArrayLike<number>;
  readonly reward: number;
  /** The task itself ended: nothing follows this state, so it has no value. */
  readonly terminated: boolean;
  /** A time limit cut the episode off: the state still has a value. */
  readonly truncated: boolean;
}

/** A task with numeric observations and discrete actions, in the shape of Gymnasium's `Env`. */
export interface Environment {
  /** Numbers in an observation. */
  readonly observationSize: number;
  /** Actions are the whole numbers 0 to actionCount - 1. */
  readonly actionCount: number;
  /**
   * Starts an episode and returns its first observation. A seed (an unsigned 32-bit integer) restarts the environment's random
   * numbers; without one, they continue.
   */
  reset(options?: { readonly seed?: number }): ArrayLike<number>;
  step(action: number): StepResult;
  /** The whole state as bytes, also within an episode. Runs resume exactly only with it. */
  getState?(): Uint8Array;
  /** Restores a state that `getState` of the same environment returned. */
  setState?(state: Uint8Array): void;
}

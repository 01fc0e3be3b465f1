/** What one step returns. The object and its observation are reused by the next step: copy what you keep. */
export interface StepResult {
  readonly observation: ArrayLike<number>;
  readonly reward: number;
  /** The episode ended in the task itself: nothing follows this state. */
  readonly terminated: boolean;
  /** The episode was cut off from outside, by a time limit: the state still has a value. */
  readonly truncated: boolean;
}

/** A task with numeric observations and discrete actions, in the shape of Gymnasium's `Env`. */
export interface Environment {
  /** Numbers in an observation. */
  readonly observationSize: number;
  /** Actions are the whole numbers 0 to actionCount - 1. */
  readonly actionCount: number;
  /**
   * Starts an episode and returns its first observation. With a seed (an unsigned 32-bit integer) the environment's randomness
   * starts anew from it; without one it goes on from where it was.
   */
  reset(options?: { readonly seed?: number }): ArrayLike<number>;
  step(action: number): StepResult;
  /** Everything the environment is, in the midst of an episode, as bytes; needed to resume a run exactly. */
  getState?(): Uint8Array;
  /** Becomes what `getState` of an equal environment returned. */
  setState?(state: Uint8Array): void;
}

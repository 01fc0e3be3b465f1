/**
 * The numbers of a transition, in their order: observation, next observation, action, reward, discount. In the replay buffer
 * they are the floats of a row, in a gathered batch the features. The members are positions in that order.
 */
export interface TransitionLayout {
  readonly observation: number;
  readonly nextObservation: number;
  readonly action: number;
  readonly reward: number;
  /** Factor of the next state's value: gamma^n, or 0 after a terminal step. */
  readonly discount: number;
  /** Numbers in all. */
  readonly size: number;
  /** Floats from one row of the replay buffer to the next: `size` rounded up to a multiple of 4. */
  readonly stride: number;
}

export function layOutTransition(observationSize: number): TransitionLayout {
  const action = 2 * observationSize;
  const size = action + 3;
  return {
    observation: 0,
    nextObservation: observationSize,
    action,
    reward: action + 1,
    discount: action + 2,
    size,
    stride: Math.ceil(size / 4) * 4,
  };
}

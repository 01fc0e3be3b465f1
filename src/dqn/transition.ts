/** Numbers of a step in a rollout: action, reward, discount, and the value of its state, which its target replaces. */
export const STEP_NUMBERS = 4;

/**
 * Layout of a transition: observation, next observation, action, reward, discount, mask of the next state's legal actions. These are
 * the floats of a row in the replay buffer, and the features of a gathered batch. The members are indices into them. If observations
 * are bytes, each of the two is one number: its row in the `StateRing`.
 */
export interface TransitionLayout {
  readonly observation: number;
  readonly nextObservation: number;
  readonly action: number;
  readonly reward: number;
  /** The discount is the factor of the next state's value: gamma^n, or 0 after a terminal step. */
  readonly discount: number;
  /** PQN: Q(lambda) target. In DQN, as large as `size`. */
  readonly target: number;
  /** (actionCount): 1 for a legal action, else 0; empty if all actions are always legal. */
  readonly nextLegal: number;
  /** Floats of a transition. */
  readonly size: number;
  /** Floats from one row of the replay buffer to the next: `size` rounded up to a multiple of 4. */
  readonly stride: number;
}

/**
 * @param observationSize numbers that a transition stores per observation
 * @param maskSize the number of actions if the environment has `legalActions`, else 0
 */
export function layOutTransition(observationSize: number, maskSize: number): TransitionLayout {
  const action = 2 * observationSize;
  const nextLegal = action + 3;
  const size = nextLegal + maskSize;
  return {
    observation: 0,
    nextObservation: observationSize,
    action,
    reward: action + 1,
    discount: action + 2,
    target: size,
    nextLegal,
    size,
    stride: Math.ceil(size / 4) * 4,
  };
}

/** Layout of a step of a rollout: observation, action, reward, discount, target. */
export function layOutRolloutStep(observationSize: number): TransitionLayout {
  const size = observationSize + STEP_NUMBERS;
  return {
    observation: 0,
    nextObservation: observationSize,
    action: observationSize,
    reward: observationSize + 1,
    discount: observationSize + 2,
    target: observationSize + 3,
    nextLegal: size,
    size,
    stride: Math.ceil(size / 4) * 4,
  };
}

import { exponential, wholePower } from "./elementary.ts";

/** How the chance of a random action falls. `time` counts environment steps, or finished episodes. */
export interface ExplorationOptions {
  readonly explorationSchedule: "linear" | "exponential" | "multiplicative";
  readonly explorationInitialEps: number;
  readonly explorationFinalEps: number;
  /** Epsilon stays at its first value up to this time. */
  readonly explorationStart: number;
  /** linear: the time it takes to fall; exponential: the time constant. */
  readonly explorationSteps: number;
  /** multiplicative: the factor of each unit of time. */
  readonly explorationFactor: number;
}

/**
 * Epsilon at a time, a pure function of it, so that a resumed run explores as one that never stopped.
 * linear: in a straight line to the final value. exponential: final + (initial - final) e^(-time / steps).
 * multiplicative: initial x factor^time, no lower than the final value.
 */
export function epsilonAt(time: number, options: ExplorationOptions): number {
  const { explorationInitialEps: initial, explorationFinalEps: final } = options;
  const elapsed = time - options.explorationStart;
  if (elapsed <= 0) return initial;
  if (options.explorationSchedule === "multiplicative") {
    return Math.max(final, initial * wholePower(options.explorationFactor, elapsed));
  }
  const { explorationSteps: steps } = options;
  if (options.explorationSchedule === "exponential") {
    return final + (initial - final) * exponential(-elapsed / steps);
  }
  return elapsed >= steps ? final : initial + ((final - initial) * elapsed) / steps;
}

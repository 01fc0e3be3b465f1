import { exponentials, wholePower } from "../numerics/elementary.ts";

/** Schedule of epsilon, the probability of a random action. Time is in environment steps or finished episodes. */
export interface ExplorationOptions {
  readonly explorationSchedule: "linear" | "exponential" | "multiplicative";
  readonly explorationInitialEps: number;
  readonly explorationFinalEps: number;
  /** Time until which epsilon keeps its initial value. */
  readonly explorationStart: number;
  /** linear: duration of the decay; exponential: time constant. */
  readonly explorationSteps: number;
  /** multiplicative: factor per unit of time. */
  readonly explorationFactor: number;
}

/** Result of `computeEpsilon`, in memory because engines may box a number that a long function returns. */
const result = new Float64Array(1);

function computeEpsilon(time: number, options: ExplorationOptions): void {
  const { explorationInitialEps: initial, explorationFinalEps: final } = options;
  const { explorationSchedule: schedule, explorationSteps: steps } = options;
  const elapsed = time - options.explorationStart;
  if (elapsed <= 0) {
    result[0] = initial;
  } else if (schedule === "multiplicative") {
    result[0] = Math.max(final, initial * wholePower(options.explorationFactor, elapsed));
  } else if (schedule === "exponential") {
    result[0] = -elapsed / steps;
    exponentials(result, 1);
    result[0] = final + (initial - final) * result[0]!;
  } else {
    result[0] = elapsed >= steps ? final : initial + ((final - initial) * elapsed) / steps;
  }
}

/**
 * Returns epsilon at a time. It is a pure function of the time, so a resumed run explores like an uninterrupted run.
 * linear: a straight line to the final value. exponential: final + (initial - final) e^(-time / steps).
 * multiplicative: max(final, initial factor^time).
 */
export function epsilonAt(time: number, options: ExplorationOptions): number {
  computeEpsilon(time, options);
  return result[0]!;
}

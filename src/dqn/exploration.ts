import { exponentials, wholePower } from "../numerics/elementary.ts";

/** Schedule of epsilon, the probability of a random action. `time` counts environment steps or finished episodes. */
export interface ExplorationOptions {
  readonly explorationSchedule: "linear" | "exponential" | "multiplicative";
  readonly explorationInitialEps: number;
  readonly explorationFinalEps: number;
  /** Epsilon keeps its initial value up to this time. */
  readonly explorationStart: number;
  /** linear: duration of the fall; exponential: time constant. */
  readonly explorationSteps: number;
  /** multiplicative: factor per unit of time. */
  readonly explorationFactor: number;
}

/** Result of `findEpsilon`. It passes through memory, because engines may box a number that a long function returns. */
const found = new Float64Array(1);

function findEpsilon(time: number, options: ExplorationOptions): void {
  const { explorationInitialEps: initial, explorationFinalEps: final } = options;
  const { explorationSchedule: schedule, explorationSteps: steps } = options;
  const elapsed = time - options.explorationStart;
  if (elapsed <= 0) {
    found[0] = initial;
  } else if (schedule === "multiplicative") {
    found[0] = Math.max(final, initial * wholePower(options.explorationFactor, elapsed));
  } else if (schedule === "exponential") {
    found[0] = -elapsed / steps;
    exponentials(found, 1);
    found[0] = final + (initial - final) * found[0]!;
  } else {
    found[0] = elapsed >= steps ? final : initial + ((final - initial) * elapsed) / steps;
  }
}

/**
 * Epsilon at a time. A pure function of time, so that a resumed run explores like a run that never stopped.
 * linear: a straight line to the final value. exponential: final + (initial - final) e^(-time / steps).
 * multiplicative: initial x factor^time, but at least the final value.
 */
export function epsilonAt(time: number, options: ExplorationOptions): number {
  findEpsilon(time, options);
  return found[0]!;
}

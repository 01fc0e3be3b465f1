import { exponentials, wholePower } from "../numerics/elementary.ts";

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

/** Where `findEpsilon` leaves its result: engines would make an object of one that a long function returns. */
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
 * Epsilon at a time, a pure function of it, so that a resumed run explores as one that never stopped.
 * linear: in a straight line to the final value. exponential: final + (initial - final) e^(-time / steps).
 * multiplicative: initial x factor^time, no lower than the final value.
 */
export function epsilonAt(time: number, options: ExplorationOptions): number {
  findEpsilon(time, options);
  return found[0]!;
}

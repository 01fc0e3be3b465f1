import type { LegalActions } from "../environments/legalActions.ts";

/**
 * Returns the legal action with the highest Q-value in a column of q (actions, width). Ties go to the lowest action.
 * @param legal mask of the legal actions; null if all are legal
 */
export function bestAction(
  q: Float32Array,
  actions: number,
  column: number,
  width: number,
  legal: LegalActions | null,
): number {
  let best = -1;
  let highest = 0;
  for (let action = 0; action < actions; action++) {
    if (legal !== null && !legal[action]) continue;
    const value = q[action * width + column]!;
    if (best < 0 || value > highest) {
      best = action;
      highest = value;
    }
  }
  return best;
}

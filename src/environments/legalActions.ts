import type { RandomStream } from "../numerics/random.ts";

/** Mask of a state: for each action 1 (or true) if it is legal, 0 (or false) if not. */
export type LegalActions = ArrayLike<number | boolean>;

/** Draws an action uniformly from the legal ones. With null, all actions are legal. */
export function drawAction(
  random: RandomStream,
  actionCount: number,
  legal: LegalActions | null,
): number {
  if (legal === null) return random.nextBelow(actionCount);
  let count = 0;
  for (let action = 0; action < actionCount; action++) if (legal[action]) count++;
  let left = random.nextBelow(count);
  let action = 0;
  while (!legal[action] || left-- > 0) action++;
  return action;
}

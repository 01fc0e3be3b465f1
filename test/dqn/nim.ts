import type { Environment } from "../../src/environments/environment.ts";
import { RandomStream } from "../../src/numerics/random.ts";

export const STICKS = 11;

/**
 * Returns the game of Nim: the players take 1, 2 or 3 sticks in turn from a heap of 4 to 11, and who takes the last stick wins. The
 * player to move wins exactly if the number of sticks is no multiple of 4, by taking the remainder.
 */
export function nim(): Environment {
  const words = new Uint32Array(5);
  const random = new RandomStream(words.subarray(0, 4)).seed(1);
  const sticks = words.subarray(4);
  const observation = new Float32Array(STICKS + 1);
  const legal = new Uint8Array(3);
  const result = { observation, reward: 0, terminated: false, truncated: false };
  const observe = () => {
    observation.fill(0);
    observation[sticks[0]!] = 1;
    return observation;
  };
  return {
    observationSize: STICKS + 1,
    actionCount: 3,
    players: 2,
    reset({ seed } = {}) {
      if (seed !== undefined) random.seed(seed);
      sticks[0] = 4 + random.nextBelow(STICKS - 3);
      return observe();
    },
    step(action) {
      if (action + 1 > sticks[0]!) throw new Error(`cannot take ${action + 1} of ${sticks[0]}`);
      sticks[0]! -= action + 1;
      observe();
      result.terminated = sticks[0] === 0;
      result.reward = result.terminated ? 1 : 0;
      return result;
    },
    legalActions() {
      for (let k = 0; k < 3; k++) legal[k] = k < sticks[0]! ? 1 : 0;
      return legal;
    },
    getState: () => new Uint8Array(words.buffer.slice(0)),
    setState: (state) => new Uint8Array(words.buffer).set(state),
  };
}

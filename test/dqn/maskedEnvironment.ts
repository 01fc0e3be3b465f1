import type { Environment } from "../../src/environments/environment.ts";
import { RandomStream } from "../../src/numerics/random.ts";

/** Numbers of actions and of cells of the masked environment. */
const ACTIONS = 5;
const CELLS = 3;

/**
 * Returns an environment in which each state has another random set of legal actions, 1 to 5 of them. It throws on an illegal action.
 * The observation is three random numbers, the reward is 1 for action 0, and an episode terminates or is truncated after 1 to 20 steps.
 */
export function maskedEnvironment(): Environment {
  const words = new Uint32Array(4);
  const random = new RandomStream(words).seed(1);
  const observation = new Float32Array(CELLS);
  const legal = new Uint8Array(ACTIONS);
  const result = { observation, reward: 0, terminated: false, truncated: false };
  const draw = () => {
    for (let k = 0; k < CELLS; k++) observation[k] = 2 * random.next() - 1;
    legal.fill(0);
    for (let k = random.nextBelow(ACTIONS); k >= 0; k--) legal[random.nextBelow(ACTIONS)] = 1;
    return observation;
  };
  return {
    observationSize: CELLS,
    actionCount: ACTIONS,
    reset({ seed } = {}) {
      if (seed !== undefined) random.seed(seed);
      return draw();
    },
    step(action) {
      if (legal[action] !== 1) throw new Error(`action ${action} is illegal`);
      draw();
      const end = random.nextBelow(20);
      result.reward = action === 0 ? 1 : 0;
      result.terminated = end === 0;
      result.truncated = end === 1;
      if (result.terminated) legal.fill(0);
      return result;
    },
    legalActions: () => legal,
    getState: () => Uint8Array.from([...new Uint8Array(words.buffer), ...legal]),
    setState(state) {
      new Uint8Array(words.buffer).set(state.subarray(0, 16));
      legal.set(state.subarray(16));
    },
  };
}

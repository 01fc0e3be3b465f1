import { customEnvironment } from "../../src/environments/customEnvironment.ts";
import type { EnvironmentSpec } from "../../src/environments/environmentSpec.ts";

/**
 * A custom environment with 3 observations and 4 actions: a point on the integers, moved by the action and a random
 * number. Its arithmetic is exact.
 * @param savesState whether it has getState and setState
 */
export function countingEnvironment(savesState: boolean): EnvironmentSpec {
  return customEnvironment(`counting-${savesState}`, () => {
    const state = new Uint32Array(4);
    const observe = () => [state[1]! - 20, state[2]! / 16, (state[3]! % 8) / 8];
    const draw = (bound: number) => {
      state[0] = (Math.imul(state[0]!, 1_664_525) + 1_013_904_223) >>> 0;
      return (state[0]! >>> 16) % bound;
    };
    const environment = {
      observationSize: 3,
      actionCount: 4,
      reset({ seed }: { readonly seed?: number } = {}) {
        if (seed !== undefined) state[0] = seed;
        state.set([16 + draw(8), 0, 0], 1);
        return observe();
      },
      step(action: number) {
        state[1] = state[1]! + action + draw(3) - 2;
        state[2] = draw(32);
        state[3]!++;
        const terminated = state[1]! < 8 || state[1]! > 32;
        const reward = terminated ? -4 : 1 + state[2]! / 32;
        return { observation: observe(), reward, terminated, truncated: state[3] === 40 };
      },
    };
    if (!savesState) return environment;
    const bytes = new Uint8Array(state.buffer);
    return {
      ...environment,
      getState: () => bytes.slice(),
      setState: (saved: Uint8Array) => bytes.set(saved),
    };
  });
}

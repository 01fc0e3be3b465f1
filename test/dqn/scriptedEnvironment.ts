import type { EnvironmentSpec } from "../../src/environments/environmentSpec.ts";

/** Length and end of an episode of a scripted environment. */
export interface ScriptedEpisode {
  readonly length: number;
  readonly end: "terminated" | "truncated" | "both";
}

/**
 * Creates an environment that plays the given episodes and then repeats the last one, with reward 1 per step and the
 * observation [episode, step]. Also returns the list of actions it received.
 */
export function scriptedEnvironment(episodes: readonly ScriptedEpisode[]) {
  const actions: number[] = [];
  const spec: EnvironmentSpec = {
    id: "Scripted-v0",
    observationSize: 2,
    actionCount: 2,
    rewardThreshold: 500,
    maxReturn: 500,
    bytes: 0,
    make: () => {
      let episode = -1;
      let step = 0;
      return {
        observationSize: 2,
        actionCount: 2,
        reset() {
          episode++;
          step = 0;
          return [episode, 0];
        },
        step(action) {
          actions.push(action);
          step++;
          const { length, end } = episodes[Math.min(episode, episodes.length - 1)]!;
          const over = step === length;
          return {
            observation: [episode, step],
            reward: 1,
            terminated: over && end !== "truncated",
            truncated: over && end !== "terminated",
          };
        },
      };
    },
  };
  return { spec, actions };
}

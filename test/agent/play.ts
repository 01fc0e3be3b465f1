import type { Agent } from "../../src/agent/agent.ts";
import { type AgentOptions, createAgent } from "../../src/agent/createAgent.ts";
import type { ConfigChanges } from "../../src/config/config.ts";
import type { Training } from "../../src/dqn/training.ts";
import type { Environment } from "../../src/environments/environment.ts";

/** Values of a short run that learns from its first steps. */
export const small: ConfigChanges = {
  ...{ totalSteps: 700, hiddenSizes: [8], bufferSize: 200, batchSize: 8, learningStarts: 20 },
  ...{ explorationSteps: 300, trainFrequency: 1, targetUpdateInterval: 10 },
};

/** An agent for observations of two numbers and three actions. */
export const makeAgent = (changes: Partial<AgentOptions> = {}) =>
  createAgent({ ...small, observationSize: 2, actionCount: 3, ...changes });

/** Transitions of the replay buffer. */
export function rowsOf({ agent, plan }: Training): number[][] {
  const { size } = plan.transition;
  const values = [...agent.replay.transitions()].flatMap((block) => [...block]);
  const count = values.length / size;
  return Array.from({ length: count }, (_, k) => values.slice(k * size, (k + 1) * size));
}

/** Plays an environment with an agent, as a user's game loop does, until the agent is finished. Returns the actions. */
export function playUntilFinished(agent: Agent, game: Environment, seed: number): number[] {
  const actions: number[] = [];
  let observation = game.reset({ seed });
  for (;;) {
    const action = agent.act(observation, { legal: game.legalActions?.() ?? null });
    if (agent.finished) return actions;
    actions.push(action);
    const result = game.step(action);
    agent.reward(result.reward);
    observation = result.observation;
    if (!result.terminated && !result.truncated) continue;
    const legal = result.terminated ? null : (game.legalActions?.() ?? null);
    agent.end({ truncated: !result.terminated, observation, legal });
    if (agent.finished) return actions;
    observation = game.reset();
  }
}

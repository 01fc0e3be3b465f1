import { vi } from "vitest";
import type { Config } from "../../src/config/config.ts";
import { Training } from "../../src/dqn/training.ts";
import { type ScriptedEpisode, scriptedEnvironment } from "./scriptedEnvironment.ts";

const round = (value: number) => Math.round(value * 1e6) / 1e6;

/**
 * Runs a recipe on scripted episodes and returns the events in order:
 *   act E     an action is chosen with epsilon E
 *   store R D a transition is stored with reward R and discount D
 *   learn     one update with a batch; "learn xN" is N updates with one transition each
 *   sync      the target network is updated
 *   greedy    a greedy episode is played
 *   save      the policy would be saved: the longest episode so far
 *   print N   episode N's log line is printed
 *   solved    the recipe's threshold is reached
 */
export function trace(
  config: Config,
  episodes: readonly ScriptedEpisode[],
  steps: number,
): string[] {
  const events: string[] = [];
  const { spec } = scriptedEnvironment(episodes);
  const training = new Training(
    config,
    {
      episode({ episode, greedyReturn }) {
        if (greedyReturn !== null) events.push("greedy");
        const position = config.logFirst ? episode - 1 : episode;
        if (position % config.logInterval === 0) events.push(`print ${episode}`);
      },
      longestEpisode: () => events.push("save"),
    },
    spec,
  );
  const { agent } = training;
  const act = agent.act.bind(agent);
  vi.spyOn(agent, "act").mockImplementation(() => {
    events.push(`act ${round(agent.epsilon)}`);
    return act();
  });
  const store = agent.replay.store.bind(agent.replay);
  vi.spyOn(agent.replay, "store").mockImplementation((...transition) => {
    events.push(`store ${round(transition[2])} ${round(transition[3])}`);
    store(...transition);
  });
  const learn = agent.learn.bind(agent);
  vi.spyOn(agent, "learn").mockImplementation(() => {
    const optimizerSteps = vi.spyOn(agent.optimizer, "prepareStep");
    learn();
    const times = optimizerSteps.mock.calls.length;
    optimizerSteps.mockRestore();
    events.push(times === 1 ? "learn" : `learn x${times}`);
  });
  const updateTarget = agent.updateTarget.bind(agent);
  vi.spyOn(agent, "updateTarget").mockImplementation(() => {
    events.push("sync");
    updateTarget();
  });
  training.advance(steps);
  if (training.solved === true) events.push("solved");
  return events;
}

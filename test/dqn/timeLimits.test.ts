import { describe, expect, it, vi } from "vitest";
import { type Config, defaults } from "../../src/config/config.ts";
import { recipeConfig, recipes } from "../../src/config/recipes.ts";
import { Training } from "../../src/dqn/training.ts";
import { type ScriptedEpisode, scriptedEnvironment } from "./scriptedEnvironment.ts";

type End = ScriptedEpisode["end"];
const ends: readonly End[] = ["terminated", "truncated", "both"];

/** Plays one episode of 4 steps with this end. Returns the discounts of its stored transitions in order. */
function discounts(config: Config, end: End): number[] {
  const { spec } = scriptedEnvironment([{ length: 4, end }]);
  const training = new Training(config, {}, spec);
  const store = vi.spyOn(training.agent.replay, "store");
  training.advance(4);
  return store.mock.calls.map((transition) => transition[3]);
}

describe("bootstraps from truncated states, not from terminal ones", () => {
  const sourcesThatCutAtTheLimit = ["tanh-64", "per-episode", "frame-stack", "soft-update"];

  const names = recipes.map(({ name }) => name);

  // test/dqn/pqn.test.ts has the ends of PQN's episodes.
  it.each(names.filter((name) => recipeConfig(name).algorithm === "dqn"))("%s", (name) => {
    // The scripted environment is no grid.
    const config = { ...recipeConfig(name), nSteps: 1, convFilters: [] };
    const { gamma } = config;
    expect(discounts(config, "terminated")).toEqual([gamma, gamma, gamma, 0]);
    expect(discounts(config, "both").at(-1)).toBe(0);
    const cut = sourcesThatCutAtTheLimit.includes(name);
    expect(discounts(config, "truncated")).toEqual([gamma, gamma, gamma, cut ? 0 : gamma]);
  });

  const variants: Record<string, Partial<Config>> = {
    plain: {},
    double: { doubleQ: true },
    dueling: { dueling: true },
    prioritised: { prioritized: true },
    "batch norm": { batchNorm: true },
    "3-step": { nSteps: 3 },
    "one update per transition": { updatePerTransition: true, batchSize: 1 },
    "no target network": { targetUpdateUnit: "none" },
    "soft target": { tau: 0.01, targetUpdateUnit: "update" },
    "double, dueling, prioritised, 3-step": {
      doubleQ: true,
      dueling: true,
      prioritized: true,
      nSteps: 3,
    },
  };

  it.each(Object.entries(variants))("TD targets: %s", (_name, changes) => {
    for (const end of ends) {
      const { spec } = scriptedEnvironment([{ length: 1, end }]);
      // Every episode is one step of reward 1, so a target is 1, plus gamma times a value unless it was terminal.
      const config = { ...defaults, batchSize: 8, bufferSize: 64, learningStarts: 7, ...changes };
      const training = new Training(config, {}, spec);
      training.advance(8);
      const { agent, core, plan } = training;
      expect(agent.updates).toBe(1);
      const { length, offset } = plan.scratch.targets;
      const columns = config.updatePerTransition ? 1 : 8;
      const targets = new Float32Array(core.buffer, offset, length).subarray(0, columns);
      const terminal = [...targets].every((target) => target === 1);
      const bootstrapped = [...targets].every((target) => target !== 1);
      expect({ end, terminal, bootstrapped }).toEqual({
        end,
        terminal: end !== "truncated",
        bootstrapped: end === "truncated",
      });
    }
  });
});

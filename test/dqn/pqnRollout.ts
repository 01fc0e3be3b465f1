import { vi } from "vitest";
import { type Config, defaults } from "../../src/config/config.ts";
import { Training } from "../../src/dqn/training.ts";
import type { EnvironmentSpec } from "../../src/environments/environmentSpec.ts";
import { regionView } from "../../src/network/arena.ts";

/** A small run of PQN. */
export const pqnBase: Config = {
  ...defaults,
  algorithm: "pqn",
  hiddenSizes: [16],
  totalSteps: 1_500,
  numEnvs: 8,
  numSteps: 12,
  numMinibatches: 3,
  explorationSteps: 500,
};

/** Rows of action, reward, discount and target after the first update, and the maximum Q-values before it. */
export function firstRollout(changes: Partial<Config>, spec: EnvironmentSpec) {
  const training = new Training({ ...pqnBase, ...changes }, {}, spec);
  const { agent, core, plan } = training;
  const { numEnvs, numSteps } = training.config;
  const learn = vi.spyOn(agent, "learn").mockImplementationOnce(() => {});
  training.learn({ milliseconds: 0, stop: () => false });
  while (training.state.updatesDue === 0) training.learn({ milliseconds: 0 });
  learn.mockRestore();
  const steps = regionView(core.buffer, plan.state.rolloutSteps);
  const before = steps.slice();
  const next = regionView(core.buffer, plan.state.greedyValues).slice();
  agent.learn();
  const row = (t: number, e: number) => 4 * (t * numEnvs + e);
  return { before, next, numEnvs, numSteps, row, targets: steps, training };
}

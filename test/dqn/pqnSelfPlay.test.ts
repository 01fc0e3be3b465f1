import { describe, expect, it } from "vitest";
import type { Config } from "../../src/config/config.ts";
import { Training } from "../../src/dqn/training.ts";
import { customEnvironment } from "../../src/environments/customEnvironment.ts";
import { encodeCheckpoint, readCheckpoint, resumeTraining } from "../../src/formats/checkpoint.ts";
import { ConnectFour } from "../../src/games/connectFour.ts";
import { nim, STICKS } from "./nim.ts";
import { firstRollout, pqnBase } from "./pqnRollout.ts";

const spec = customEnvironment("nim", nim);

const config: Config = {
  ...pqnBase,
  env: "nim",
  hiddenSizes: [32],
  gamma: 1,
  totalSteps: 20_000,
  learningRate: 3e-3,
  explorationSteps: 5_000,
  explorationFinalEps: 0.2,
};

function trained(changes: Partial<Config> = {}): Training {
  const training = new Training({ ...config, ...changes }, {}, spec);
  training.advance(Infinity);
  return training;
}

describe("the self-play of PQN", () => {
  it("learns the values of Nim: 1 for who can win, -1 for a multiple of 4", () => {
    const { policy } = trained().agent;
    for (let sticks = 1; sticks <= STICKS; sticks++) {
      policy.observation.fill(0);
      policy.observation[sticks] = 1;
      const action = policy.greedyAction([1, sticks >= 2, sticks >= 3]);
      const wins = sticks % 4 !== 0;
      const error = policy.qValues[action]! - (wins ? 1 : -1);
      expect([sticks, Math.abs(error) < 0.3]).toEqual([sticks, true]);
      if (wins) expect([sticks, action + 1]).toEqual([sticks, sticks % 4]);
    }
  });

  it("subtracts the value of the other player's state from the reward", () => {
    const changes = { ...config, gamma: 0.9, qLambda: 0.7 };
    const rollout = firstRollout(changes, spec);
    const { before, next, numEnvs, numSteps, row, targets } = rollout;
    let ends = 0;
    for (let e = 0; e < numEnvs; e++) {
      for (let t = 0; t < numSteps; t++) {
        const [, reward = 0, discount = 0] = before.subarray(row(t, e));
        const isLast = t + 1 === numSteps;
        const value = isLast ? next[e]! : before[row(t + 1, e) + 3]!;
        const later = isLast ? value : targets[row(t + 1, e) + 3]!;
        const isEnd = reward === 1;
        if (isEnd) ends++;
        expect(discount).toBe(isEnd ? 0 : Math.fround(-0.9));
        const expected = isEnd ? 1 : -0.9 * (0.3 * value + 0.7 * later);
        expect(targets[row(t, e) + 3]).toBeCloseTo(expected, 5);
      }
    }
    expect(ends).toBeGreaterThan(10);
  });

  it("has no frozen opponents", () => {
    const { opponents, plan } = new Training(config, {}, spec);
    expect(opponents).toBeNull();
    expect(plan.state.opponents.length).toBe(0);
  });

  it("writes the same bits on both backends", () => {
    const short = { totalSteps: 3_000 };
    expect(trained({ ...short, backend: "js" }).weights()).toEqual(trained(short).weights());
  });

  it("resumes exactly, also in the middle of a round", () => {
    const short = { totalSteps: 2_000 };
    const whole = encodeCheckpoint(trained(short));
    const part = new Training({ ...config, ...short }, {}, spec);
    for (const steps of [0, 3, 700, 513]) {
      part.advance(steps);
      const file = encodeCheckpoint(part);
      const resumed = resumeTraining(readCheckpoint(file), {}, {}, spec);
      expect(encodeCheckpoint(resumed)).toEqual(file);
      resumed.advance(Infinity);
      expect(encodeCheckpoint(resumed)).toEqual(whole);
    }
  });

  it("never plays in a full column of Connect Four, neither in training nor in evaluations", () => {
    let fullColumns = 0;
    class Counted extends ConnectFour {
      // The base class throws if the column is full.
      override step(action: number) {
        if (this.legalActions().includes(0)) fullColumns++;
        return super.step(action);
      }
    }
    const changes = { env: "Counted", totalSteps: 30_000, evalEvery: 10_000, numEnvs: 16 };
    const training = new Training({ ...config, ...changes, hiddenSizes: [8] }, {}, Counted);
    expect(training.advance(Infinity)).toBe(true);
    expect(fullColumns).toBeGreaterThan(1_000);
  });
});

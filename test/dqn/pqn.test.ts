import { describe, expect, it } from "vitest";
import type { Config } from "../../src/config/config.ts";
import { Training } from "../../src/dqn/training.ts";
import { customEnvironment } from "../../src/environments/customEnvironment.ts";
import type { EnvironmentSpec } from "../../src/environments/environmentSpec.ts";
import { encodeCheckpoint, readCheckpoint, resumeTraining } from "../../src/formats/checkpoint.ts";
import { findGame } from "../../src/games/builtInGames.ts";
import { regionView } from "../../src/network/arena.ts";
import { maskedEnvironment } from "./maskedEnvironment.ts";
import { pqnBase as base, firstRollout } from "./pqnRollout.ts";
import { scriptedEnvironment } from "./scriptedEnvironment.ts";

function run(changes: Partial<Config>, spec?: EnvironmentSpec): Training {
  const training = new Training({ ...base, ...changes }, {}, spec);
  training.advance(Infinity);
  return training;
}

const masked = customEnvironment("masked", maskedEnvironment);

const cases: [string, Partial<Config>, (EnvironmentSpec | undefined)?][] = [
  ["CartPole", {}],
  ["RAdam and schedules", { optimizer: "radam", learningRateFinal: 1e-5, learningRateSteps: 900 }],
  ["one copy", { numEnvs: 1, numSteps: 30 }],
  ["copies that are no multiple of 8, one minibatch", { numEnvs: 5, numMinibatches: 1 }],
  ["minibatches of 512 with padding", { numEnvs: 16, numSteps: 32, numMinibatches: 1 }],
  ["batch normalisation and dueling", { batchNorm: true, dueling: true, numMinibatches: 6 }],
  ["normalised observations", { normalizeObservations: true, env: "Acrobot-v1" }],
  [
    "MinAtar with a convolution, layer normalisation and bytes",
    {
      ...{ env: "MinAtar/Breakout-v0", convFilters: [3], layerNorm: true, totalSteps: 1_300 },
      ...{ optimizer: "radam", maxGradNorm: 1, loss: "mse" },
    },
    findGame("MinAtar/Breakout-v0"),
  ],
  ["one step per rollout", { numSteps: 1, numMinibatches: 2 }],
  ["an own environment with legal actions", { env: "masked", numEnvs: 9 }, masked],
];

describe.each(cases)("%s", (_, changes, spec) => {
  it("writes the same bits on both backends", () => {
    expect(run({ ...changes, backend: "js" }, spec).weights()).toEqual(
      run(changes, spec).weights(),
    );
  });

  it("resumes exactly, also in the middle of a round", () => {
    const whole = run(changes, spec);
    const part = new Training({ ...base, ...changes }, {}, spec);
    for (const steps of [0, 1, 700, 513]) {
      part.advance(steps);
      const file = encodeCheckpoint(part);
      const resumed = resumeTraining(readCheckpoint(file), {}, {}, spec);
      expect(encodeCheckpoint(resumed)).toEqual(file);
      resumed.advance(2_000);
      expect(encodeCheckpoint(resumed)).toEqual(encodeCheckpoint(whole));
    }
  });
});

it("resumes exactly between two updates of a rollout", () => {
  const whole = encodeCheckpoint(run({ totalSteps: 200 }));
  const part = new Training({ ...base, totalSteps: 200 });
  let stops = 0;
  while (!part.learn({ milliseconds: 0 })) {
    if (part.state.updatesDue === 0) continue;
    stops++;
    const resumed = resumeTraining(readCheckpoint(encodeCheckpoint(part)));
    resumed.advance(Infinity);
    expect(encodeCheckpoint(resumed)).toEqual(whole);
  }
  // Two rollouts of 2 epochs of 3 minibatches. A run does not stop after the last update of a rollout.
  expect(stops).toBe(2 * 5);
});

it("makes updateEpochs * numMinibatches updates after each rollout, and none before", () => {
  const training = new Training(base);
  training.advance(95);
  expect(training.agent.updates).toBe(0);
  training.advance(1);
  expect(training.agent.updates).toBe(6);
  training.advance(95);
  expect(training.agent.updates).toBe(6);
  training.advance(1);
  expect(training.agent.updates).toBe(12);
});

it("learns from each step of a rollout once per epoch, in another order in each", () => {
  const training = new Training(base);
  const { agent, core, plan } = training;
  const indices = regionView(core.buffer, plan.scratch.indices);
  const learn = agent.learn.bind(agent);
  const epochs: number[][] = [[], [], [], []];
  agent.learn = () => {
    learn();
    epochs[Math.floor((agent.updates - 1) / 3)]!.push(...indices.subarray(0, 32));
  };
  training.advance(2 * 96);
  const rows = Array.from({ length: 96 }, (_, row) => row);
  for (const epoch of epochs) expect(epoch.toSorted((a, b) => a - b)).toEqual(rows);
  expect(new Set(epochs.map((epoch) => epoch.join()))).toHaveProperty("size", 4);
});

it("mixes the n-step returns of a rollout, which do not cross the end of an episode", () => {
  const spec = customEnvironment("masked", maskedEnvironment);
  const rollout = firstRollout({ env: "masked", numEnvs: 9, numSteps: 20, qLambda: 0.7 }, spec);
  const { before, next, numEnvs, numSteps, row, targets } = rollout;
  let ends = 0;
  for (let e = 0; e < numEnvs; e++) {
    for (let t = 0; t < numSteps; t++) {
      // (1 - lambda) sum of lambda^(n-1) G(n), with the weight of all longer returns on the last one.
      let expected = 0;
      let sum = 0;
      let factor = 1;
      let weight = 1;
      for (let n = t; ; n++) {
        const discount = before[row(n, e) + 2]!;
        sum += factor * before[row(n, e) + 1]!;
        factor *= discount;
        const value = n + 1 < numSteps ? before[row(n + 1, e) + 3]! : next[e]!;
        const last = discount === 0 || n + 1 === numSteps;
        expected += (last ? weight : 0.3 * weight) * (sum + factor * value);
        weight *= 0.7;
        if (discount === 0) ends++;
        if (last) break;
      }
      expect(targets[row(t, e) + 3]).toBeCloseTo(expected, 5);
    }
  }
  expect(ends).toBeGreaterThan(20);
});

it("stores the maximum Q-value of the legal actions in each state", () => {
  const stored: { value: number; legal: boolean[]; observation: number[] }[] = [];
  const training = new Training({ ...base, env: "masked" }, {}, masked);
  const { actors, agent, core, plan } = training;
  const steps = regionView(core.buffer, plan.state.rolloutSteps);
  for (let step = 0; step < 90; step++) {
    if (step % 8 === 0 && step > 0) {
      for (const { legal, observation } of actors) {
        const mask = Array.from(legal!, Boolean);
        stored.push({ value: 0, legal: mask, observation: [...observation] });
      }
    }
    training.advance(1);
    const state = stored[step - 8];
    if (state !== undefined) state.value = steps[4 * step + 3]!;
  }
  expect(stored.length).toBe(88);
  for (const { legal, observation, value } of stored.slice(0, 82)) {
    agent.policy.observation.set(observation);
    const best = agent.policy.greedyAction(legal);
    expect(value).toBeCloseTo(agent.policy.qValues[best]!, 5);
  }
});

describe("the end of an episode", () => {
  const rewardAndDiscount = (end: "terminated" | "truncated" | "both", changes = {}) => {
    const { spec } = scriptedEnvironment([{ length: 3, end }]);
    const sizes = { env: "Scripted-v0", numEnvs: 2, numSteps: 4, numMinibatches: 1 };
    const { before, row, training } = firstRollout({ ...sizes, ...changes }, spec);
    training.agent.policy.observation.set([0, 3]);
    const best = training.agent.policy.greedyAction();
    return {
      reward: before[row(2, 1) + 1]!,
      discount: before[row(2, 1) + 2]!,
      inside: before[row(1, 1) + 2]!,
      value: training.agent.policy.qValues[best]!,
    };
  };

  it.each(["terminated", "both"] as const)("has no value after it: %s", (end) => {
    const { discount, inside, reward } = rewardAndDiscount(end);
    expect([reward, discount]).toEqual([1, 0]);
    expect(inside).toBe(Math.fround(0.99));
  });

  it("adds the value of the last observation to the reward after a time limit", () => {
    const training = rewardAndDiscount("truncated", { learningRate: 1e-12 });
    expect(training.reward).toBeCloseTo(1 + 0.99 * training.value, 5);
    expect(training.discount).toBe(0);
  });

  it("is terminal at a time limit with timeLimitTerminal", () => {
    const { discount, reward } = rewardAndDiscount("truncated", { timeLimitTerminal: true });
    expect([reward, discount]).toEqual([1, 0]);
  });
});

it("cuts off episodes that a resumed run cannot continue", () => {
  const without = customEnvironment("masked", () => {
    const { getState: _, setState: __, ...rest } = maskedEnvironment();
    return rest;
  });
  const part = new Training({ ...base, env: "masked" }, {}, without);
  part.advance(96 + 21);
  const before = regionView(part.core.buffer, part.plan.state.rolloutSteps);
  const file = readCheckpoint(encodeCheckpoint(part));
  const resumed = resumeTraining(file, {}, {}, without);
  const steps = regionView(resumed.core.buffer, resumed.plan.state.rolloutSteps);
  const discounts = (rows: Float32Array, first: number, end: number) =>
    Array.from({ length: end - first }, (_, k) => rows[4 * (first + k) + 2]!);
  // The copies' last steps are 13 to 20.
  expect(discounts(steps, 13, 21)).toEqual(Array(8).fill(0));
  expect(discounts(steps, 0, 13)).toEqual(discounts(before, 0, 13));
  expect(discounts(before, 13, 21)).not.toEqual(Array(8).fill(0));
  expect(resumed.advance(2_000)).toBe(true);
});

it("stores observations of bytes as bytes", () => {
  const spec = findGame("MinAtar/Seaquest-v0")!;
  const changes = { env: spec.id, numEnvs: 128, numSteps: 32, numMinibatches: 32 };
  const training = new Training({ ...base, ...changes }, {}, spec);
  training.advance(128 * 2 + 1);
  const { core, plan } = training;
  const { rolloutObservations } = plan.state;
  expect(rolloutObservations).toMatchObject({ type: "u8", length: 1_000 * (128 * 32 + 1) });
  const { environment, observation } = training.actors[0]!;
  const rows = regionView(core.buffer, rolloutObservations);
  const last = rows.subarray(256 * 1_000, 257 * 1_000);
  expect(last.some(Boolean)).toBe(true);
  expect(environment.observationSize).toBe(1_000);
  expect([...observation].filter((cell) => cell !== 0 && cell !== 1)).toEqual([]);
  expect(plan.bytes).toBeLessThan(10_000_000);
});

it("needs no replay buffer and no target network", () => {
  const { plan } = new Training({ ...base, bufferSize: 10_000_000 });
  expect(plan.state.target.length).toBe(0);
  expect(plan.bytes).toBeLessThan(100_000);
});

it("refuses a rollout larger than the memory before it is allocated", () => {
  expect(() => new Training({ ...base, numEnvs: 4096, numSteps: 3_000, frameStack: 100 })).toThrow(
    /^The memory plan needs \d+\.\d GiB, the limit is 4 GiB: reduce .*numSteps/,
  );
});

import { describe, expect, it } from "vitest";
import { type Config, defaults } from "../../src/config/config.ts";
import { findDivergence } from "../../src/dqn/divergence.ts";
import { Training } from "../../src/dqn/training.ts";
import type { EnvironmentSpec } from "../../src/environments/environmentSpec.ts";
import { encodeCheckpoint, readCheckpoint, resumeTraining } from "../../src/formats/checkpoint.ts";
import { weightsSha256 } from "../../src/formats/policy.ts";
import { backends } from "../kernels/workbench.ts";

interface Task {
  readonly observationSize?: number;
  readonly actionCount?: number;
  readonly observe?: (step: number, k: number) => number;
  readonly reward?: (step: number) => number;
}

const wave = (step: number, k: number) => ((7 * step + 3 * k) % 11) / 11 - 0.5;

/** An environment with episodes of 7 steps whose observations and rewards do not depend on the actions. */
function environment(task: Task): EnvironmentSpec {
  const { actionCount = 2, observationSize = 3, observe = wave, reward = () => 1 } = task;
  const sizes = { observationSize, actionCount };
  return {
    ...{ ...sizes, id: "Edge-v0", rewardThreshold: null, maxReturn: Infinity, bytes: 0 },
    make() {
      let step = 0;
      const look = () => Array.from({ length: observationSize }, (_, k) => observe(step, k));
      return {
        ...sizes,
        reset() {
          step = 0;
          return look();
        },
        step(action) {
          expect(action).toBeLessThan(actionCount);
          step++;
          const terminated = step === 7;
          return { observation: look(), reward: reward(step), terminated, truncated: false };
        },
      };
    },
  };
}

const base: Config = {
  ...{ ...defaults, hiddenSizes: [6], batchSize: 8, bufferSize: 50, learningStarts: 10 },
  ...{ explorationSteps: 100, targetUpdateInterval: 20, evalEvery: null },
};

/** Trains for 300 updates on each backend; `scale` multiplies the initial weights. */
function trained(config: Partial<Config>, task: Task, scale = 1): Training[] {
  return backends.map((backend) => {
    const training = new Training({ ...base, ...config, backend }, {}, environment(task));
    for (const { values } of training.weights()) {
      for (let k = 0; k < values.length; k++) values[k]! *= scale;
    }
    while (training.agent.updates < 300) training.advance(10);
    return training;
  });
}

function target({ core, plan }: Training) {
  const values = new Float32Array(core.buffer, plan.state.target.offset, plan.state.target.length);
  return { name: "target", shape: [], values };
}

const everything = {
  ...{ batchNorm: true, doubleQ: true, dueling: true, prioritized: true, nSteps: 3 },
} satisfies Partial<Config>;
const tiny = { observe: (step: number, k: number) => 1e-40 * wave(step, k), reward: () => 1e-40 };

describe("trains to finite weights and the same bits on wasm and js with", () => {
  it.each<[string, Partial<Config>, Task, number?]>([
    ["denormal observations and rewards", {}, tiny],
    [
      "denormal observations, rewards and weights, RMSprop",
      { optimizer: "rmsprop", momentum: 0.9 },
      tiny,
      1e-40,
    ],
    ["denormal observations, rewards and weights, every extension", everything, tiny, 1e-40],
    [
      "a learning rate too small to change a weight",
      { learningRate: 1e-300, optimizer: "sgd" },
      {},
    ],
    ["rewards of 1e30 under the Huber loss", { loss: "huber" }, { reward: () => 1e30 }],
    [
      "rewards of 1e30 times a reward scale of 1e-30",
      { loss: "mse", rewardScale: 1e-30 },
      { reward: () => 1e30 },
    ],
    ["constant observations", {}, { observe: () => 0.5 }],
    ["zero observations", {}, { observe: () => 0 }],
    ["constant observations, batch norm", { batchNorm: true }, { observe: () => 0.5 }],
    ["constant observations, every extension", everything, { observe: () => 0.5 }],
    ["gamma 1", { gamma: 1, nSteps: 3 }, {}],
    ["gamma 0", { gamma: 0, nSteps: 3 }, {}],
    ["a batch of 1", { batchSize: 1, prioritized: true }, {}],
    ["a batch of 2, batch norm", { batchSize: 2, batchNorm: true }, {}],
    ["a replay buffer of 1", { batchSize: 1, bufferSize: 1 }, {}],
    ["a prioritised replay buffer of 1", { batchSize: 1, bufferSize: 1, prioritized: true }, {}],
    ["a batch as large as the replay buffer", { batchSize: 50, doubleQ: true }, {}],
    ["1 action", {}, { actionCount: 1 }],
    ["1 action, every extension", everything, { actionCount: 1 }],
    ["1 observation, every extension", everything, { observationSize: 1 }],
    ["1,000 observations", {}, { observationSize: 1_000 }],
    ["1,000 observations, every extension", everything, { observationSize: 1_000 }],
    ["1,000 actions", {}, { actionCount: 1_000 }],
    ["1,000 actions, every extension", everything, { actionCount: 1_000 }],
    ["no hidden layer", { hiddenSizes: [] }, {}],
    ["hidden layers of 1 unit", { hiddenSizes: [1, 1], batchNorm: true }, {}],
    ["one update per transition", { updatePerTransition: true, batchSize: 99 }, {}],
    ["a priority exponent of 0", { prioritized: true, priorityAlpha: 0 }, {}],
    ["priorities close to 0", { prioritized: true, priorityEpsilon: 1e-300 }, tiny],
  ])("%s", async (_name, config, task, scale) => {
    const runs = trained(config, task, scale);
    const hashes = runs.map((run) => weightsSha256([...run.weights(), target(run)]));
    const [wasm, js] = await Promise.all(hashes);
    expect(js).toBe(wasm);
    for (const run of runs) {
      expect(findDivergence(run)).toBeNull();
      expect(Number.isFinite(run.agent.loss)).toBe(true);
      expect(Number.isFinite(run.meanReturn100())).toBe(true);
    }
  });
});

/** Trains on each backend and returns the first divergence message, checked after every step. */
function firstDivergence(config: Partial<Config>, task: Task): string[] {
  return backends.map((backend) => {
    const training = new Training({ ...base, ...config, backend }, {}, environment(task));
    for (let step = 0; step < 2_000; step++) {
      training.advance(1);
      const found = findDivergence(training);
      if (found !== null) return found;
    }
    return "no divergence";
  });
}

describe("reports divergence at the same step on wasm and js for", () => {
  const named = "the largest weight is .+, in fc[12]\\.(weight|bias)\\.$";
  it.each<[string, Partial<Config>, Task, RegExp]>([
    [
      "rewards of 1e30 squared",
      { loss: "mse" },
      { reward: () => 1e30 },
      /step 10: the loss is Inf/,
    ],
    [
      "rewards beyond float32",
      {},
      { reward: () => 1e300 },
      /step 1: a reward times rewardScale exceeds 3\.4e\+38, float32's maximum/,
    ],
    [
      "n-step returns beyond float32",
      { nSteps: 3, gamma: 1, optimizer: "sgd", loss: "huber" },
      { reward: () => 1.5e38 },
      /step 3: a reward times rewardScale exceeds 3\.4e\+38/,
    ],
    ["a learning rate of 1e6", { learningRate: 1e6 }, {}, /step 1\d: its weights explode/],
    [
      "a learning rate of 1e30",
      { learningRate: 1e30, optimizer: "sgd", loss: "mse" },
      {},
      /step 1\d: (fc\d\.(weight|bias) holds|its weights explode)/,
    ],
    [
      "Q-values that bootstrap from themselves",
      { ...{ gamma: 1, targetUpdateUnit: "none", optimizer: "sgd", loss: "mse" }, learningRate: 5 },
      { observe: () => 3 },
      /explode|holds|loss/,
    ],
  ])("%s", (_name, config, task, expected) => {
    const [wasm = "", js] = firstDivergence({ learningStarts: 9, ...config }, task);
    expect(js).toBe(wasm);
    expect(wasm).toMatch(expected);
    expect(wasm).toMatch(new RegExp(`^Training diverged by step \\d+: .+, ${named}`));
  });
});

it.each(["adam", "rmsprop"] as const)(
  "reports %s's infinite second moment long after the reward of 1e25 that caused it",
  (optimizer) => {
    let rewards = 0;
    const task = environment({ reward: () => (++rewards === 20 ? 1e25 : 1) });
    const training = new Training({ ...base, optimizer, loss: "mse" }, {}, task);
    training.advance(300);
    expect(Number.isFinite(training.agent.loss)).toBe(true);
    expect(findDivergence(training)).toMatch(
      /^Training diverged by step 300: the optimizer's second moment of fc\d\.\w+ holds Infinity/,
    );
  },
);

it("accepts large running statistics of large observations", () => {
  const large = environment({ observe: (step, k) => 1e5 * wave(step, k) });
  const training = new Training({ ...base, batchNorm: true }, {}, large);
  training.advance(200);
  const variance = training.weights().find(({ name }) => name === "bn1.running_var");
  expect(Math.max(...variance!.values)).toBeGreaterThan(1e6);
  expect(findDivergence(training)).toBeNull();
});

it("reports the divergence again after resuming from a checkpoint", () => {
  const task = environment({ reward: (step) => (step === 3 ? 1e39 : 1) });
  const training = new Training({ ...base, learningStarts: 1_000 }, {}, task);
  training.advance(40);
  const file = readCheckpoint(encodeCheckpoint(training), "file");
  const sentence = /^Training diverged by step 40: a reward times rewardScale/;
  expect(findDivergence(training)).toMatch(sentence);
  expect(findDivergence(resumeTraining(file, {}, {}, task))).toMatch(sentence);
});

it("reports an infinite priority", () => {
  const training = new Training({ ...base, prioritized: true }, {}, environment({}));
  training.advance(30);
  expect(findDivergence(training)).toBeNull();
  training.agent.replay.greatestPriority[0] = Infinity;
  expect(findDivergence(training)).toMatch(/^Training diverged by step 30: a priority is Infinity/);
});

describe("exploding Q-values", () => {
  /** A run whose weights are all 100: each is moderate, their products are large. */
  function exploded(reward: number): Training {
    const training = new Training(
      { ...base, hiddenSizes: [32, 32], learningRate: 1e-9 },
      {},
      environment({ observe: () => 0.1, reward: () => reward }),
    );
    training.advance(60);
    expect(findDivergence(training)).toBeNull();
    for (const { values } of training.weights()) values.fill(100);
    training.advance(1);
    return training;
  }

  it("are reported although each number is finite", () => {
    const sentence = findDivergence(exploded(1));
    expect(sentence).toMatch(
      /^Training diverged by step 61: its Q-values explode, to 1\.\d+e\+9, the largest weight is 100, in fc1\.weight\.$/,
    );
  });

  it("are accepted when the rewards are as large", () => {
    expect(findDivergence(exploded(1e4))).toBeNull();
  });

  it("are reported without a largest weight if no weight is finite", () => {
    const training = exploded(1);
    for (const { values } of training.weights()) values.fill(Number.NaN);
    expect(findDivergence(training)).toBe(
      "Training diverged by step 61: fc1.weight holds NaN, no weight is finite and nonzero.",
    );
  });
});

import { describe, expect, it } from "vitest";
import { type Config, defaults } from "../../src/config/config.ts";
import { Training } from "../../src/dqn/training.ts";
import { customEnvironment } from "../../src/environments/customEnvironment.ts";
import { encodeCheckpoint, readCheckpoint, resumeTraining } from "../../src/formats/checkpoint.ts";
import { encodePolicy, openPolicy } from "../../src/formats/policy.ts";
import { RandomStream } from "../../src/numerics/random.ts";

const base: Config = {
  ...defaults,
  normalizeObservations: true,
  hiddenSizes: [16, 8],
  totalSteps: 1_500,
  bufferSize: 700,
};

function trained(changes: Partial<Config> = {}): Training {
  const training = new Training({ ...base, ...changes });
  training.advance(1_500);
  return training;
}

/** Two numbers of very different sizes; the target action is the sign of the second. */
function scales(seen: number[][]) {
  const random = new RandomStream(new Uint32Array(4)).seed(3);
  const draw = () => {
    const observation = [5_000 + 1_000 * random.next(), 1e-3 * (random.next() - 0.5)];
    seen.push(observation);
    return observation;
  };
  let current = [0, 0];
  let steps = 0;
  return {
    observationSize: 2,
    actionCount: 2,
    reset() {
      steps = 0;
      current = draw();
      return current;
    },
    step(action: number) {
      const reward = action === Number(current[1]! > 0) ? 1 : 0;
      current = draw();
      steps++;
      return { observation: current, reward, terminated: steps === 20, truncated: false };
    },
  };
}

describe("normalizeObservations", () => {
  it("keeps the mean and variance of all observations in the weights", () => {
    const seen: number[][][] = [];
    const spec = customEnvironment("scales", () => {
      seen.push([]);
      return scales(seen.at(-1)!);
    });
    const training = new Training({ ...base, env: "scales", gamma: 0 }, {}, spec);
    training.advance(1_500);
    const tensor = (name: string) =>
      training.weights().find((weights) => weights.name === name)!.values;
    const observations = seen.find((list) => list.length > 1_000)!;
    for (const k of [0, 1]) {
      const values = observations.map((observation) => observation[k]!);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
      expect(tensor("norm.running_mean")[k]! / mean).toBeCloseTo(1, 2);
      if (k === 0) expect(tensor("norm.running_var")[k]! / variance).toBeCloseTo(1, 1);
    }
  });

  it("computes Q-values of the normalised and clamped observation", () => {
    const training = trained();
    const tensors = new Map(training.weights().map(({ name, values }) => [name, values]));
    const at = (name: string, k: number) => tensors.get(name)![k]!;
    const observation = [0.3, -100, 0.01, 0.2];
    const layer = (inputs: number[], name: string, outputs: number) =>
      Array.from({ length: outputs }, (_, o) =>
        inputs.reduce(
          (sum, x, k) => sum + x * at(`${name}.weight`, o * inputs.length + k),
          at(`${name}.bias`, o),
        ),
      );
    const relu = (values: number[]) => values.map((value) => Math.max(0, value));
    const normalized = observation.map((value, k) => {
      const deviation = Math.sqrt(at("norm.running_var", k) + 1e-5);
      return Math.min(10, Math.max(-10, (value - at("norm.running_mean", k)) / deviation));
    });
    expect(normalized[1]).toBe(-10);
    const hidden = relu(layer(relu(layer(normalized, "fc1", 16)), "fc2", 8));
    const { policy } = training.agent;
    policy.observation.set(observation);
    policy.greedyAction();
    layer(hidden, "fc3", 2).forEach((value, k) => {
      expect(policy.qValues[k]).toBeCloseTo(value, 3);
    });
  });

  it.each([
    ["a hard target update", {}],
    ["a soft target update and n-step returns", { tau: 0.01, nSteps: 2 }],
    ["Double DQN, dueling, batch normalisation", { doubleQ: true, dueling: true, batchNorm: true }],
    ["five environments", { numEnvs: 5 }],
  ])("writes the same bits on both backends and resumes to them, with %s", (_, changes) => {
    const whole = trained(changes);
    expect(trained({ ...changes, backend: "js" }).weights()).toEqual(whole.weights());
    const part = new Training({ ...base, ...changes });
    part.advance(777);
    const resumed = resumeTraining(readCheckpoint(encodeCheckpoint(part)));
    resumed.advance(1_500);
    expect(encodeCheckpoint(resumed)).toEqual(encodeCheckpoint(whole));
  });

  it("is part of the policy", () => {
    const training = trained();
    const { network } = openPolicy(encodePolicy(training));
    for (const observation of [
      [0.1, 0.2, -0.1, 0],
      [2, -3, 0.2, 1],
    ]) {
      training.agent.policy.observation.set(observation);
      network.observation.set(observation);
      expect(network.greedyAction()).toBe(training.agent.policy.greedyAction());
      expect(network.qValues).toEqual(training.agent.policy.qValues);
    }
  });
});

describe("learningRateFinal", () => {
  it.each(["adam", "rmsprop", "sgd"] as const)("changes the steps of %s", (optimizer) => {
    const constant = { optimizer, normalizeObservations: false };
    const falling = { ...constant, learningRateFinal: 1e-5, learningRateSteps: 1_000 };
    expect(trained(falling).weights()).not.toEqual(trained(constant).weights());
    const same = { ...falling, learningRateFinal: defaults.learningRate };
    expect(trained(same).weights()).toEqual(trained(constant).weights());
  });

  it("is reached linearly after learningRateSteps and then kept", () => {
    const training = new Training({
      ...base,
      learningRate: 1e-3,
      learningRateFinal: 5e-4,
      learningRateSteps: 1_000,
    });
    const rates = [0, 500, 1_000, 1_400].map((steps) => {
      training.advance(steps - training.steps);
      return training.learningRate();
    });
    [1e-3, 7.5e-4, 5e-4, 5e-4].forEach((rate, k) => {
      expect(rates[k]).toBeCloseTo(rate, 12);
    });
    expect(training.agent.optimizer.learningRate).toBeCloseTo(5e-4, 12);
  });
});

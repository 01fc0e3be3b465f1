import { readFileSync } from "node:fs";
import { expect, it, vi } from "vitest";
import { type Config, defaults } from "../../src/config/config.ts";
import type { Actor } from "../../src/dqn/actor.ts";
import { planTraining } from "../../src/dqn/memoryPlan.ts";
import { Pqn } from "../../src/dqn/pqn.ts";
import { Rollout } from "../../src/dqn/rollout.ts";
import { createCore } from "../../src/kernels/core.ts";
import { regionView } from "../../src/network/arena.ts";
import { tensorsOf } from "../../src/network/namedTensor.ts";
import { backends } from "../kernels/workbench.ts";

/** A run of test/golden/gen_pqn.py. Lists are (steps, envs, ...). `ends`: 1 terminated, 2 truncated. */
interface Golden {
  envs: number;
  steps: number;
  gamma: number;
  qLambda: number;
  learningRate: number;
  maxGradNorm: number;
  parts: number;
  initial: Record<string, number[]>;
  trained: Record<string, number[]>;
  observations: number[][][];
  final: number[][][];
  actions: number[][];
  rewards: number[][];
  ends: number[][];
  values: number[][];
  targets: number[][];
  orders: number[][];
  losses: number[];
  norms: number[];
}

const path = new URL("../golden/pqn.json", import.meta.url);
const golden = JSON.parse(readFileSync(path, "utf8")) as Golden;

it.each(backends)("learns from a rollout like PyTorch: %s", (backend) => {
  const { envs, gamma, learningRate, maxGradNorm, orders, parts, qLambda, steps } = golden;
  const options: Config = {
    ...defaults,
    ...{ algorithm: "pqn", hiddenSizes: [8], loss: "mse", gamma, learningRate, maxGradNorm },
    ...{ numEnvs: envs, numSteps: steps, numMinibatches: parts, updateEpochs: orders.length },
    qLambda,
  };
  const shape = { ...options, observationSize: 3, actionCount: 2 };
  const rolloutSize = envs * steps;
  const sizes = { ...options, bufferSize: 0, batchSize: rolloutSize / parts, rolloutSize };
  const plan = planTraining({ ...sizes, shape, environmentBytes: 0 });
  const core = createCore(backend, plan.bytes);
  const agent = new Pqn(core, plan, options, 1);
  agent.discountBy(options.gamma);
  const weights = tensorsOf(core.buffer, plan.parameters, plan.state.online);
  for (const { name, values } of weights) values.set(golden.initial[name]!);

  const greedyValues = regionView(core.buffer, plan.state.greedyValues);
  const value = (observation: number[]) => {
    agent.policy.observation.set(observation);
    return agent.policy.qValues[agent.policy.greedyAction()]!;
  };
  for (let t = 0; t < steps; t++) {
    for (let index = 0; index < envs; index++) {
      const before = golden.observations[t]![index]!;
      const observation = Float32Array.from(before);
      greedyValues[index] = value(before);
      expect(greedyValues[index]).toBeCloseTo(golden.values[t]![index]!, 5);
      const actor = { index, observation, legal: null } as unknown as Actor;
      const end = golden.ends[t]![index]!;
      const next = (end === 0 ? golden.observations[t + 1]! : golden.final[t]!)[index]!;
      const action = golden.actions[t]![index]!;
      agent.store(actor, action, golden.rewards[t]![index]!, next, end === 1, end > 0);
    }
  }
  golden.observations[steps]!.forEach((observation, e) => {
    greedyValues[e] = value(observation);
  });

  const order = regionView(core.buffer, plan.state.rolloutOrder);
  let epoch = 0;
  const shuffle = vi.spyOn(Rollout.prototype, "shuffle");
  shuffle.mockImplementation(() => order.set(orders[epoch++]!));
  for (const loss of golden.losses) {
    agent.learn();
    expect(Math.abs(agent.loss - loss)).toBeLessThan(2e-5);
  }
  shuffle.mockRestore();
  const rows = regionView(core.buffer, plan.state.rolloutSteps);
  golden.targets.flat().forEach((target, row) => {
    expect(Math.abs(rows[4 * row + 3]! - target), `target ${row}`).toBeLessThan(5e-6);
  });
  for (const { name, values } of weights) {
    golden.trained[name]!.forEach((expected, k) => {
      expect(Math.abs(values[k]! - expected), `${name}[${k}]`).toBeLessThan(5e-6);
    });
  }
  expect(Math.max(...golden.norms)).toBeGreaterThan(maxGradNorm);
});

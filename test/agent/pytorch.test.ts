import { describe, expect, it } from "vitest";
import { Dqn } from "../../src/agent/dqn.ts";
import { planTraining, type Region } from "../../src/agent/memoryPlan.ts";
import { createCore } from "../../src/kernels/core.ts";
import type { Backend } from "../../src/kernels/kernels.ts";
import { defaults } from "../../src/training/config.ts";
import {
  type GoldenTensors,
  type GoldenTraining,
  goldenTraining,
  ourName,
} from "../golden/training.ts";
import { backends } from "../kernels/workbench.ts";

// Float32 rounding of sums of up to 8 products of numbers up to about 10, and five Adam steps that normalise
// gradients of at least 1e-4: PyTorch's own float32 run differs from its float64 run by up to 2e-6.
const TOLERANCE = 5e-6;

/** An agent with the golden weights and a replay buffer that holds just the golden batch. */
function goldenAgent(golden: GoldenTraining, backend: Backend, loss: "mse" | "huber") {
  const { batch, net } = golden;
  const sizes = net.sizes;
  const batchSize = batch.a.length;
  const shape = {
    observationSize: sizes[0]!,
    hiddenSizes: sizes.slice(1, -1),
    activation: net.act,
    actionCount: sizes.at(-1)!,
  };
  const plan = planTraining({ shape, bufferSize: batchSize, batchSize, environmentBytes: 0 });
  const core = createCore(backend, plan.bytes);
  const options = {
    ...defaults,
    activation: net.act,
    batchSize,
    learningRate: golden.optimizer.lr,
    loss,
    tau: golden.soft_update_tau ?? 1,
  };
  const agent = new Dqn(core, plan, options, 1);
  const layers = plan.parameters.layers.length;

  const tensors = (region: Region) =>
    Object.fromEntries(
      plan.parameters.tensors.map(({ name, offset, length }) => [
        name,
        new Float32Array(core.buffer, region.offset + offset, length),
      ]),
    );
  const compare = (region: Region, expected: GoldenTensors) => {
    const actual = tensors(region);
    expect(Object.keys(expected).length).toBe(plan.parameters.tensors.length);
    for (const [name, values] of Object.entries(expected)) {
      values.flat().forEach((value, k) => {
        expect(Math.abs(actual[ourName(name, layers)]![k]! - value)).toBeLessThan(TOLERANCE);
      });
    }
  };
  const fill = (region: Region, from: GoldenTensors) => {
    for (const [name, values] of Object.entries(from)) {
      tensors(region)[ourName(name, layers)]!.set(values.flat());
    }
  };
  fill(plan.online, golden.init);
  fill(plan.target, golden.init_target);
  batch.a.forEach((action, k) => {
    const discount = golden.gamma * (1 - batch.done[k]!);
    agent.replay.store(batch.s[k]!, action, batch.r[k]!, discount, batch.ns[k]!);
  });
  return { agent, plan, compare };
}

describe.each(backends)("%s training steps against PyTorch's", (backend) => {
  it.each(["mse_adam_tanh_4-8-2", "softupdate_mse_adam_4-8-6-2"])("%s", (name) => {
    const golden = goldenTraining(name);
    const expected = golden.float64;
    const { agent, plan, compare } = goldenAgent(golden, backend, "mse");
    for (let step = 1; step <= 5; step++) {
      expect(Math.abs(agent.learn() - expected.losses[step - 1]!)).toBeLessThan(TOLERANCE);
      if (golden.soft_update_tau !== null) agent.updateTarget();
      if (step === 1) {
        compare(plan.gradient, expected.step1.grads);
        compare(plan.online, expected.params_after_1);
        if (expected.target_after_1) compare(plan.target, expected.target_after_1);
      }
    }
    compare(plan.online, expected.params_after_5);
    compare(plan.target, expected.target_after_5 ?? golden.init_target);
  });

  it("the Huber loss and its gradients, on both sides of beta", () => {
    const golden = goldenTraining("huber_rmsprop_clamp_relu_4-8-6-2");
    const { agent, plan, compare } = goldenAgent(golden, backend, "huber");
    expect(Math.abs(agent.learn() - golden.float64.losses[0]!)).toBeLessThan(TOLERANCE);
    compare(plan.gradient, golden.float64.step1.grads);
  });
});

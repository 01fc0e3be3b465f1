import { describe, expect, it } from "vitest";
import { type Config, defaults } from "../../src/config/config.ts";
import { Dqn } from "../../src/dqn/dqn.ts";
import { planTraining } from "../../src/dqn/memoryPlan.ts";
import { createCore } from "../../src/kernels/core.ts";
import type { Backend } from "../../src/kernels/kernels.ts";
import type { Region } from "../../src/network/arena.ts";
import {
  type GoldenTensors,
  type GoldenTraining,
  goldenTraining,
  numbersOf,
  ourName,
} from "../golden/training.ts";
import "../kernels/relaxedSimd.ts";
import { backends } from "../kernels/workbench.ts";

// Float32 rounding: sums of up to 8 products of numbers up to about 10, then five Adam steps that normalise
// gradients of at least 1e-4. PyTorch's float32 run differs from its float64 run by up to 2e-6.
const TOLERANCE = 5e-6;

/** An agent with the golden weights and a replay buffer that contains exactly the golden batch. */
function goldenAgent(golden: GoldenTraining, backend: Backend) {
  const { batch, net } = golden;
  const sizes = net.sizes;
  const batchSize = batch.a.length;
  const options: Config = {
    ...defaults,
    hiddenSizes: sizes.slice(1, -1),
    activation: net.act,
    ...(net.grid?.filters.length && {
      convFilters: net.grid.filters,
      kernelSize: net.grid.kernel,
      stride: net.grid.stride,
      padding: net.grid.padding,
    }),
    batchNorm: net.batchnorm,
    layerNorm: net.layernorm ?? false,
    dueling: net.dueling,
    bufferSize: batchSize,
    batchSize,
    gamma: golden.gamma,
    optimizer: golden.optimizer.kind,
    learningRate: golden.optimizer.lr,
    maxGradValue: golden.grad_clamp,
    doubleQ: golden.double_dqn,
    loss: golden.loss.startsWith("SmoothL1") ? "huber" : "mse",
    tau: golden.soft_update_tau ?? 1,
  };
  const shape = {
    ...options,
    observationSize: sizes[0]!,
    observationShape: net.grid?.shape,
    actionCount: sizes.at(-1)!,
  };
  const plan = planTraining({ ...options, shape, environmentBytes: 0 });
  const core = createCore(backend, plan.bytes);
  const agent = new Dqn(core, plan, options, 1);
  const layers = sizes.length - 1;

  const tensors = (region: Region) =>
    Object.fromEntries(
      plan.parameters.tensors.map(({ name, offset, length }) => [
        name,
        new Float32Array(core.buffer, region.offset + offset, length),
      ]),
    );
  /** Tensors that are rounding noise in PyTorch's float32 run too: see test/golden/README.md. */
  const noisy = (name: string) =>
    net.batchnorm && golden.optimizer.kind !== "sgd" && /^fc.*bias$|mean$/.test(name);
  const compare = (region: Region, expected: GoldenTensors) => {
    const actual = tensors(region);
    for (const [name, values] of Object.entries(expected)) {
      if (noisy(name) || name.endsWith("num_batches_tracked")) continue;
      const found = actual[ourName(name, layers)]!;
      const numbers = numbersOf(values);
      expect(found.length).toBe(numbers.length);
      numbers.forEach((value, k) => {
        expect(Math.abs(found[k]! - value), `${name}[${k}]`).toBeLessThan(TOLERANCE);
      });
    }
  };
  const fill = (region: Region, from: GoldenTensors) => {
    for (const [name, values] of Object.entries(from)) {
      tensors(region)[ourName(name, layers)]?.set(numbersOf(values));
    }
  };
  fill(plan.state.online, { ...golden.init, ...golden.init_buffers });
  fill(plan.state.target, { ...golden.init_target, ...golden.init_target_buffers });
  batch.a.forEach((action, k) => {
    const discount = golden.gamma * (1 - batch.done[k]!);
    agent.replay.store(batch.s[k]!, action, batch.r[k]!, discount, batch.ns[k]!);
  });
  return { agent, plan, compare };
}

const cases = [
  "mse_adam_tanh_4-8-2",
  "huber_rmsprop_clamp_relu_4-8-6-2",
  "bn_mse_sgd_4-8-6-2",
  "bn_mse_adam_4-8-6-2",
  "bn_huber_rmsprop_clamp_4-8-6-2",
  "double_dqn_mse_adam_4-8-6-2",
  "dueling_huber_adam_4-8-2",
  "softupdate_mse_adam_4-8-6-2",
  "conv_mse_adam",
  "conv_stride_mse_adam",
  "conv_layernorm_mse_adam",
  "layernorm_mse_adam",
];

describe.each([...backends, "wasm-fma"] as const)(
  "five training steps on %s match PyTorch's",
  (backend) => {
    it.each(cases)("%s", (name) => {
      const golden = goldenTraining(name);
      const expected = golden.float64;
      const { agent, plan, compare } = goldenAgent(golden, backend);
      for (let step = 1; step <= 5; step++) {
        agent.learn();
        expect(Math.abs(agent.loss - expected.losses[step - 1]!)).toBeLessThan(TOLERANCE);
        if (golden.soft_update_tau !== null) agent.updateTarget();
        if (step === 1) {
          compare(plan.scratch.gradient, expected.step1.grads_after_clamp ?? expected.step1.grads);
          compare(plan.state.online, expected.params_after_1);
          compare(plan.state.online, expected.buffers_after_1 ?? {});
          compare(plan.state.target, expected.target_after_1 ?? golden.init_target);
        }
      }
      compare(plan.state.online, expected.params_after_5);
      if (golden.optimizer.kind === "sgd")
        compare(plan.state.online, expected.buffers_after_5 ?? {});
      compare(plan.state.target, expected.target_after_5 ?? golden.init_target);
    });
  },
);

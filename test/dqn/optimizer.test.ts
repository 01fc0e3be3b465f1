import { describe, expect, it } from "vitest";
import { type Config, defaults } from "../../src/config/config.ts";
import { planTraining } from "../../src/dqn/memoryPlan.ts";
import { Optimizer, recordOptimizer } from "../../src/dqn/optimizer.ts";
import { createCore } from "../../src/kernels/core.ts";
import type { Backend } from "../../src/kernels/kernels.ts";
import { Program, Recording } from "../../src/kernels/program.ts";
import { golden } from "../golden/grid.ts";
import { backends } from "../kernels/workbench.ts";

const shape = { ...defaults, hiddenSizes: [], observationSize: 7, actionCount: 1 };
const plan = planTraining({ ...defaults, shape, bufferSize: 1, environmentBytes: 0 });

/** Returns the first weights after each step. The arrays hold the first weights and gradients; all others are 0. */
function run(
  backend: Backend,
  changes: Partial<Config>,
  start: readonly number[],
  gradients: readonly (readonly number[])[],
): number[][] {
  const core = createCore(backend, plan.bytes);
  const options: Config = { ...defaults, ...changes };
  const recording = new Recording();
  recordOptimizer(recording, plan, options);
  const program = new Program(core, plan.program.offset, recording);
  const optimizer = new Optimizer(program, options);
  const gradient = new Float32Array(
    core.buffer,
    plan.scratch.gradient.offset,
    plan.scratch.gradient.length,
  );
  const weights = new Float32Array(core.buffer, plan.state.online.offset, plan.state.online.length);
  weights.set(start);
  return gradients.map((slopes) => {
    gradient.fill(0);
    gradient.set(slopes);
    optimizer.prepareStep();
    program.run();
    return [...weights.subarray(0, start.length)];
  });
}

/** The first weight after each of two steps with gradients 3 and -1. It starts at 0. */
function steps(changes: Partial<Config>): number[] {
  const options = { learningRate: 0.5, optimizerEpsilon: 0.25, ...changes };
  return run("js", options, [0], [[3], [-1]]).map(([weight = Number.NaN]) => weight);
}

const near = (found: number[], expected: number[]) =>
  expected.forEach((value, k) => {
    expect(found[k]).toBeCloseTo(value, 6);
  });

describe("a step by PyTorch's formulas", () => {
  it("Adam corrects the bias of its moments, which start at 0", () => {
    const [b1, b2] = [0.5, 0.75];
    const [m1, v1] = [(1 - b1) * 3, (1 - b2) * 9];
    const [m2, v2] = [b1 * m1 - (1 - b1), b2 * v1 + (1 - b2)];
    const first = -0.5 * (m1 / (1 - b1) / (Math.sqrt(v1 / (1 - b2)) + 0.25));
    const second = first - 0.5 * (m2 / (1 - b1 ** 2) / (Math.sqrt(v2 / (1 - b2 ** 2)) + 0.25));
    near(steps({ optimizer: "adam", beta1: b1, beta2: b2 }), [first, second]);
  });

  it("RMSprop divides by the root mean square and applies momentum", () => {
    const [v1, v2] = [0.25 * 9, 0.75 * 0.25 * 9 + 0.25];
    const moved = 3 / (Math.sqrt(v1) + 0.25);
    const again = 0.5 * moved - 1 / (Math.sqrt(v2) + 0.25);
    const rmsprop = { optimizer: "rmsprop", rmspropAlpha: 0.75, momentum: 0.5 } as const;
    near(steps(rmsprop), [-0.5 * moved, -0.5 * (moved + again)]);
  });

  it("centered RMSprop divides by the standard deviation", () => {
    const [m1, v1] = [0.25 * 3, 0.25 * 9];
    const [m2, v2] = [0.75 * m1 - 0.25, 0.75 * v1 + 0.25];
    const first = (-0.5 * 3) / (Math.sqrt(v1 - m1 * m1) + 0.25);
    const second = first + 0.5 / (Math.sqrt(v2 - m2 * m2) + 0.25);
    const centered = { optimizer: "rmsprop", rmspropAlpha: 0.75, rmspropCentered: true } as const;
    near(steps(centered), [first, second]);
  });

  it("centered RMSprop stays finite if all gradients are equal", () => {
    const same = Array.from({ length: 500 }, () => [0.3]);
    const options = { optimizer: "rmsprop", rmspropAlpha: 0.5, rmspropCentered: true } as const;
    for (const backend of backends) {
      const [last = Number.NaN] = run(backend, { ...options, learningRate: 1e-9 }, [0], same).at(
        -1,
      )!;
      expect(last).toBeLessThan(0);
    }
  });

  it("RAdam does not divide while the variance has few degrees of freedom", () => {
    const radam = { optimizer: "radam", beta1: 0.5, beta2: 0.999 } as const;
    near(steps(radam), [-1.5, -1.5 - (0.5 * (0.5 * 1.5 - 0.5)) / 0.75]);
  });

  it.each(golden.optimizers.flatMap((one) => backends.map((backend) => ({ ...one, backend }))))(
    "$name has PyTorch's weights on $backend",
    ({ after, backend, gradients, maxGradNorm, options, weights }) => {
      const found = run(backend, { ...options, maxGradNorm }, weights, gradients);
      const gaps = found.flat().map((value, k) => Math.abs(value - after.flat()[k]!));
      expect(Math.max(...gaps)).toBeLessThan(2e-6);
    },
  );

  it("SGD applies momentum", () => {
    near(steps({ optimizer: "sgd", momentum: 0.5 }), [-1.5, -1.5 - 0.5 * (1.5 - 1)]);
  });

  it("clips gradients by value or by norm", () => {
    near(steps({ optimizer: "sgd", maxGradValue: 2 }), [-1, -0.5]);
    near(steps({ optimizer: "sgd", maxGradNorm: 1.5 }), [-0.75, -0.25]);
  });
});

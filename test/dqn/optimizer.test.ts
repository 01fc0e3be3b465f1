import { describe, expect, it } from "vitest";
import { type Config, defaults } from "../../src/config/config.ts";
import { planTraining } from "../../src/dqn/memoryPlan.ts";
import { Optimizer, recordOptimizer } from "../../src/dqn/optimizer.ts";
import { createCore } from "../../src/kernels/core.ts";
import { Program, Recording } from "../../src/kernels/program.ts";

const shape = { ...defaults, hiddenSizes: [], observationSize: 1, actionCount: 1 };
const plan = planTraining({ ...defaults, shape, bufferSize: 1, environmentBytes: 0 });

/** The first weight after each of two steps with gradients 3 and -1. It starts at 0, and all other gradients are 0. */
function steps(changes: Partial<Config>): number[] {
  const core = createCore("js", plan.bytes);
  const options: Config = { ...defaults, learningRate: 0.5, optimizerEpsilon: 0.25, ...changes };
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
  return [3, -1].map((slope) => {
    gradient.fill(0);
    gradient[0] = slope;
    optimizer.prepareStep();
    program.run();
    return weights[0]!;
  });
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

  it("SGD applies momentum", () => {
    near(steps({ optimizer: "sgd", momentum: 0.5 }), [-1.5, -1.5 - 0.5 * (1.5 - 1)]);
  });

  it("clips gradients by value or by norm", () => {
    near(steps({ optimizer: "sgd", maxGradValue: 2 }), [-1, -0.5]);
    near(steps({ optimizer: "sgd", maxGradNorm: 1.5 }), [-0.75, -0.25]);
  });
});

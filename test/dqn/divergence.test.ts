import { describe, expect, it } from "vitest";
import { defaults } from "../../src/config/config.ts";
import { findDivergence, refuseDivergence } from "../../src/dqn/divergence.ts";
import { Training } from "../../src/dqn/training.ts";
import { RunError } from "../../src/errors.ts";

/** A run of 3 steps in which all weights are `weight`, all Q-values `q` and all rewards `reward`. */
function run({ weight = 1, q = 1, reward = 1 }): Training {
  const training = new Training({ ...defaults, hiddenSizes: [], bufferSize: 8, batchSize: 8 });
  training.advance(3);
  const { buffer } = training.core;
  const { plan } = training;
  for (const { values } of training.weights()) values.fill(weight);
  new Float32Array(buffer, plan.scratch.q.offset, plan.scratch.q.length).fill(q);
  const table = new Float32Array(buffer, plan.replay.table.offset, plan.replay.table.length);
  for (let row = 0; row < 3; row++) {
    table[row * plan.transition.stride + plan.transition.size - 2] = reward;
  }
  return training;
}

describe("findDivergence", () => {
  it.each([
    [{}, null],
    [{ weight: 1e6 }, null],
    [{ weight: -1.5e6 }, /its weights explode, the largest weight is 1\.50e\+6, in fc1\.weight\.$/],
    [{ weight: 0 }, null],
    [{ q: 1e6, reward: 0.5 }, null],
    [{ q: -1e6, reward: 0 }, null],
    [{ q: 2e6, reward: 2 }, null],
    [{ q: 2e6, reward: -2 }, null],
    [
      { q: 2.001e6, reward: 2 },
      /: its Q-values explode, to 2\.00e\+6, the largest weight is 1\.00/,
    ],
    [{ q: -1.5e6 }, /: its Q-values explode, to 1\.50e\+6/],
  ])("checks the sizes of weights, Q-values and rewards: %j: %s", (numbers, sentence) => {
    const found = findDivergence(run(numbers));
    if (sentence === null) expect(found).toBeNull();
    else expect(found).toMatch(sentence);
  });

  it.each([Number.NaN, Infinity, -Infinity])(
    "reports the first weight that is not finite: %d",
    (value) => {
      const training = run({ weight: 2 });
      const [weight, bias] = training.weights();
      weight!.values[3] = value;
      bias!.values.fill(Number.NaN);
      bias!.values[0] = 3;
      expect(findDivergence(training)).toBe(
        `Training diverged by step 3: fc1.weight holds ${value}, the largest weight is 3.00, in fc1.bias.`,
      );
    },
  );

  it("reports a running statistic that is not finite", () => {
    const training = new Training({ ...defaults, hiddenSizes: [4], batchNorm: true });
    const mean = training.weights().find(({ name }) => name === "bn1.running_mean");
    mean!.values[2] = Infinity;
    expect(findDivergence(training)).toMatch(/by step 0: bn1\.running_mean holds Infinity, /);
  });

  it("reads of the moments only those of trainable tensors, not the array behind them", () => {
    const training = new Training({ ...defaults, hiddenSizes: [4], normalizeObservations: true });
    const { buffer } = training.core;
    const { length, offset } = training.plan.state.secondMoment;
    // The bits of a NaN. Floats of 64 bits can have them in one half.
    new Uint32Array(buffer, offset + 4 * length, 8).fill(0x7fc00000);
    expect(findDivergence(training)).toBeNull();
    new Float32Array(buffer, offset, length)[2] = Number.NaN;
    expect(findDivergence(training)).toMatch(/second moment of fc1\.weight holds NaN/);
  });

  it("reports a loss that is not finite", () => {
    const training = run({});
    training.agent.loss = Number.NaN;
    expect(findDivergence(training)).toMatch(/by step 3: the loss is NaN, the largest weight/);
    expect(() => refuseDivergence(training)).toThrow(RunError);
    training.agent.loss = 0;
    expect(() => refuseDivergence(training)).not.toThrow();
  });
});

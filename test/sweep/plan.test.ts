import { expect, it } from "vitest";
import { UsageError } from "../../src/errors.ts";
import { planTrials, readSeeds } from "../../src/sweep/plan.ts";
import { trialName } from "../../src/sweep/trial.ts";

const values = { learningRate: [1e-3, 1e-4], gamma: [0.9, 0.99, 1] };

it("reads ranges and single seeds, each once", () => {
  expect(readSeeds("1-3,7,2")).toEqual([1, 2, 3, 7]);
  for (const text of ["", "a", "3-1", "1-", "-1", "1.5", "0-99999999", "4294967296"]) {
    expect(() => readSeeds(text), text).toThrow(UsageError);
  }
});

it("plans a grid of every recipe, value and seed, in order", () => {
  const trials = planTrials({
    recipes: ["solve", "tanh-64"],
    seeds: [4, 5],
    values,
    samples: null,
  });
  expect(trials).toHaveLength(2 * 6 * 2);
  expect(new Set(trials.map(trialName)).size).toBe(24);
  expect(trialName(trials[0]!)).toBe("solve learningRate=0.001 gamma=0.9 seed=4");
  expect(trialName(trials.at(-1)!)).toBe("tanh-64 learningRate=0.0001 gamma=1 seed=5");
});

it("samples combinations reproducibly, each at most once", () => {
  const draw = (samples: number) =>
    planTrials({ recipes: ["solve"], seeds: [1], values, samples }).map(trialName);
  expect(draw(4)).toEqual(draw(4));
  expect(new Set(draw(4)).size).toBe(4);
  expect(new Set(draw(99)).size).toBe(6);
});

it.each([
  [{ recipes: ["nothing"] }, /recipe must be one of/],
  [{ values: { gamma: [2] } }, /gamma in --set must be at most 1, got 2/],
  [{ values: { nothing: [2] } }, /nothing in --set is not a configuration key/],
])("rejects %j", (changes, message) => {
  const plan = { recipes: ["solve"], seeds: [1], values: {}, samples: null, ...changes };
  expect(() => planTrials(plan as Parameters<typeof planTrials>[0])).toThrow(message);
});

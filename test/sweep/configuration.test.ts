import { expect, it } from "vitest";
import { recipeConfig } from "../../src/config/recipes.ts";
import { configurationName, identify, legendNames } from "../../src/sweep/configuration.ts";
import { planTrials } from "../../src/sweep/plan.ts";
import { trialName } from "../../src/sweep/trial.ts";

const id = (recipe: string, changes: object) => identify({ recipe, changes }).id;

it("gives equal configurations the same identity, in any notation", () => {
  const solve = id("solve", {});
  expect(id("solve", { learningRate: 0.005 })).toBe(solve);
  expect(id("solve", { learningRate: 0.005, gamma: 0.99 })).toBe(solve);
  expect(id("tanh-64", recipeConfig("solve"))).toBe(solve);
  expect(id("solve", { learningRate: 0.004 })).not.toBe(solve);
  expect(id("solve", { hiddenSizes: [3, 2] })).not.toBe(id("solve", { hiddenSizes: [32] }));
});

it("plans equal configurations once", () => {
  const plan = { recipes: ["solve", "solve"], seeds: [1, 2], samples: null };
  expect(planTrials({ ...plan, values: { gamma: [0.9, 0.9] } }).map(trialName)).toEqual([
    "solve gamma=0.9 seed=1",
    "solve gamma=0.9 seed=2",
  ]);
  const sampled = { ...plan, samples: 2, values: { gamma: [0.9, 0.9, 0.5] } };
  expect(new Set(planTrials(sampled).map(trialName)).size).toBe(4);
});

it("names a configuration in one line, without rounding errors", () => {
  const changes = { gamma: 0.1 + 0.2, hiddenSizes: [], totalSteps: null, env: "a\u001b]0;b\nc" };
  expect(configurationName({ recipe: "solve", changes })).toBe(
    "solve gamma=0.3 hiddenSizes=none totalSteps=none env=a ]0;b c",
  );
});

it("omits shared values from a legend", () => {
  const of = (gamma: number, recipe = "solve") => ({ recipe, changes: { gamma, tau: 0.5 } });
  expect(legendNames([of(0.9), of(0.8)])).toEqual(["gamma=0.9", "gamma=0.8"]);
  expect(legendNames([of(0.9), of(0.9, "tanh-64")])).toEqual(["solve", "tanh-64"]);
  expect(legendNames([of(0.9)])).toEqual(["solve gamma=0.9 tau=0.5"]);
});

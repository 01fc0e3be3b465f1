import { expect, it } from "vitest";
import { recipeConfig } from "../../src/config/recipes.ts";
import { summarize } from "../../src/dqn/evaluation.ts";
import { Training } from "../../src/dqn/training.ts";
import { weightsSha256 } from "../../src/formats/policy.ts";

function finish(training: Training): Training {
  while (!training.advance(10_000));
  return training;
}

function sha256(training: Training): Promise<string> {
  return weightsSha256(training.weights());
}

it("evaluations do not change the training", async () => {
  const config = { ...recipeConfig("solve"), totalSteps: 4_000, solvedThreshold: 501 };
  const often = finish(new Training({ ...config, evalEvery: 50 }));
  const never = finish(new Training({ ...config, solvedBy: "none" }));
  expect(often.solved).toBe(false);
  expect(await sha256(often)).toBe(await sha256(never));
});

it("advancing one step at a time gives the same weights as advancing at once", async () => {
  const config = { ...recipeConfig("solve"), totalSteps: 1_000 };
  const slow = new Training(config);
  while (!slow.advance(1));
  expect(await sha256(slow)).toBe(await sha256(finish(new Training(config))));
});

it("`solve` solves CartPole with each seed from 1 to 100", () => {
  for (let seed = 1; seed <= 100; seed++) {
    const training = finish(new Training({ ...recipeConfig("solve"), seed }));
    expect(training.solved, `seed ${seed}`).toBe(true);
    expect(training.steps).toBeLessThanOrEqual(50_000);
    const { mean } = summarize(training.finalEvaluation().returns);
    expect(mean, `seed ${seed}`).toBeGreaterThanOrEqual(475);
  }
});

it("`tanh-64` exceeds a running score of 400 on at least 5 of 10 seeds", () => {
  let solved = 0;
  for (let seed = 1; seed <= 10; seed++) {
    const training = finish(new Training({ ...recipeConfig("tanh-64"), seed }));
    if (training.solved) solved++;
    else expect(training.episodes).toBe(1000);
  }
  expect(solved).toBeGreaterThanOrEqual(5);
});

it.each([
  { recipe: "acrobot", seeds: 10, atLeast: 8, goal: -100 },
  { recipe: "mountain-car", seeds: 2, atLeast: 1, goal: -110 },
])(
  "`$recipe` solves its environment on $seeds seeds, and on $atLeast in the final evaluation",
  ({ atLeast, goal, recipe, seeds }) => {
    const means = Array.from({ length: seeds }, (_, k) => {
      const training = finish(new Training({ ...recipeConfig(recipe), seed: k + 1 }));
      expect(training.solved, `seed ${k + 1}`).toBe(true);
      return summarize(training.finalEvaluation().returns).mean;
    });
    const kept = means.filter((mean) => mean >= goal);
    expect(kept.length, `means ${means}`).toBeGreaterThanOrEqual(atLeast);
  },
);

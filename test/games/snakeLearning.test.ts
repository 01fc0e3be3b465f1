import { expect, it } from "vitest";
import { summarize } from "../../src/dqn/evaluation.ts";
import { train } from "../../src/dqn/train.ts";
import { customEnvironment } from "../../src/environments/customEnvironment.ts";
import { Snake } from "../../src/games/snake.ts";

it("learns to eat 20 of 35 fruits on average within 40,000 steps", async () => {
  let mean = 0;
  await train({
    environment: customEnvironment("snake", () => new Snake()),
    hiddenSizes: [128, 128],
    activation: "relu",
    learningRate: 5e-4,
    optimizerEpsilon: 1e-8,
    gamma: 0.99,
    doubleQ: true,
    nSteps: 3,
    batchSize: 64,
    bufferSize: 50_000,
    learningStarts: 1_000,
    trainFrequency: 4,
    targetUpdateInterval: 500,
    explorationFinalEps: 0.01,
    explorationSteps: 20_000,
    totalSteps: 40_000,
    solvedBy: "none",
    evalEvery: 40_000,
    evalEpisodes: 50,
    evaluation: ({ returns }) => {
      mean = summarize(returns).mean;
    },
  });
  expect(mean).toBeGreaterThan(20);
});

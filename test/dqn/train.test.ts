import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/config.ts";
import { recipeConfig } from "../../src/config/recipes.ts";
import { encodePolicy, evaluate, openPolicy, recipes, summarize, train } from "../../src/index.ts";
import { scriptedEnvironment } from "./scriptedEnvironment.ts";

describe("train", () => {
  it("trains `solve` unless told otherwise, and tells its observer of every episode", async () => {
    const lengths: number[] = [];
    const training = await train({ seed: 3, episode: (record) => lengths.push(record.length) });
    expect(training.solved).toBe(true);
    expect(lengths.length).toBe(training.episodes);
    const finished = lengths.reduce((sum, length) => sum + length, 0);
    expect(finished).toBeLessThanOrEqual(training.steps);
    expect(training.steps - finished).toBeLessThan(500);
  });

  it("its policy plays as well from the file as in the run", async () => {
    const training = await train({ seed: 4 });
    const bytes = encodePolicy(training);
    const { environment, network } = openPolicy(bytes, "policy.safetensors");
    const { mean } = summarize(evaluate(network, environment, { episodes: 20, seed: 9 }).returns);
    expect(mean).toBeGreaterThanOrEqual(475);
  });

  it("takes an environment of one's own", async () => {
    const { spec, actions } = scriptedEnvironment([{ length: 7, end: "terminated" }]);
    const run = { totalSteps: 50, solvedBy: "none", learningStarts: 20 } as const;
    const training = await train({ ...run, environment: spec });
    expect(actions.length).toBe(50);
    expect(training.episodes).toBe(7);
    expect(training.agent.updates).toBe(15);
  });

  it("refuses what cannot be in one sentence", async () => {
    await expect(train({ gamma: 1.5 })).rejects.toThrow("gamma must be at most 1, got 1.5.");
    await expect(train({ recipe: "nothing" as never })).rejects.toThrow(
      /^recipe must be one of solve, /,
    );
    await expect(train({ env: "Nowhere-v0" })).rejects.toThrow(/^env must be one of CartPole-v1/);
    await expect(train({ batchSize: 64, bufferSize: 32 })).rejects.toThrow(
      /^batchSize must be at most/,
    );
    await expect(train({ bufferSize: 1e9 })).rejects.toThrow(/^The memory plan needs 48\.\d GiB/);
  });
});

it("every recipe is a whole and proper configuration", () => {
  for (const { name } of recipes)
    expect(parseConfig(recipeConfig(name))).toEqual(recipeConfig(name));
});

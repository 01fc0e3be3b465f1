import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/config.ts";
import { recipeConfig } from "../../src/config/recipes.ts";
import { encodePolicy, evaluate, openPolicy, recipes, summarize, train } from "../../src/index.ts";
import { scriptedEnvironment } from "./scriptedEnvironment.ts";

describe("train", () => {
  it("trains `solve` by default and reports every episode", async () => {
    const lengths: number[] = [];
    const training = await train({ seed: 3, episode: (record) => lengths.push(record.length) });
    expect(training.solved).toBe(true);
    expect(lengths.length).toBe(training.episodes);
    const finished = lengths.reduce((sum, length) => sum + length, 0);
    expect(finished).toBeLessThanOrEqual(training.steps);
    expect(training.steps - finished).toBeLessThan(500);
  });

  it("saves a policy that solves CartPole when loaded from its file", async () => {
    const training = await train({ seed: 4 });
    const bytes = encodePolicy(training);
    const { environment, network } = openPolicy(bytes, "policy.safetensors");
    const { mean } = summarize(evaluate(network, environment, { episodes: 20, seed: 9 }).returns);
    expect(mean).toBeGreaterThanOrEqual(475);
  });

  it("trains in a custom environment", async () => {
    const { spec, actions } = scriptedEnvironment([{ length: 7, end: "terminated" }]);
    const run = { totalSteps: 50, solvedBy: "none", learningStarts: 20 } as const;
    const training = await train({ ...run, environment: spec });
    expect(actions.length).toBe(50);
    expect(training.episodes).toBe(7);
    expect(training.agent.updates).toBe(15);
  });

  it("returns the run if the signal aborts in its last step", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const run = { totalSteps: null, totalEpisodes: 1, solvedBy: "none" } as const;
    const training = await train({ ...run, signal, episode: () => controller.abort() });
    expect(training.finished).toBe(true);
  });

  it("throws the signal's reason, before and during training", async () => {
    const endless = { totalSteps: 1e9, solvedBy: "none" } as const;
    const late = train({ ...endless, signal: AbortSignal.timeout(30) });
    await expect(late).rejects.toThrow(/timeout/);
    await expect(train({ ...endless, signal: AbortSignal.abort("no") })).rejects.toBe("no");
  });

  it("ends with a sentence about a diverged run", async () => {
    const diverging = { learningRate: 1e30, optimizer: "sgd", totalSteps: 400 } as const;
    await expect(train({ ...diverging, solvedBy: "none" })).rejects.toThrow(
      /^Training diverged by/,
    );
  });

  it("rejects invalid arguments with one sentence", async () => {
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

it("every recipe is a complete and valid configuration", () => {
  for (const { name } of recipes)
    expect(parseConfig(recipeConfig(name))).toEqual(recipeConfig(name));
});

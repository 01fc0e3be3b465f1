import { describe, expect, it } from "vitest";
import { type Config, defaults, parseConfig } from "../../src/config/config.ts";
import { findRecipe, recipeConfig, recipes } from "../../src/config/recipes.ts";
import { Training } from "../../src/dqn/training.ts";
import { encodeCheckpoint, readCheckpoint } from "../../src/formats/checkpoint.ts";
import { createTrainer, encodePolicy, openPolicy, resumeTraining } from "../../src/index.ts";

const short = { ...defaults, totalSteps: 20, hiddenSizes: [3], bufferSize: 64 };

describe("freezes", () => {
  it.each<[string, () => Config | Partial<Config>]>([
    ["defaults", () => defaults],
    ["a recipe's changes", () => findRecipe("solve").changes],
    ["recipeConfig", () => recipeConfig("solve")],
    ["parseConfig", () => parseConfig(short)],
    ["Training.config", () => new Training(short).config],
    [
      "the config of a resumed run",
      () => resumeTraining(readCheckpoint(encodeCheckpoint(new Training(short)))).config,
    ],
  ])("%s", (_name, get) => {
    const config = get() as { gamma: number; hiddenSizes: number[] };
    const before = JSON.stringify(config);
    expect(() => config.hiddenSizes.push(16)).toThrow(TypeError);
    expect(() => {
      config.gamma = 0.5;
    }).toThrow(TypeError);
    expect(JSON.stringify(get())).toBe(before);
  });

  it("trainer.config", async () => {
    const { config } = await createTrainer({ totalSteps: 20 });
    expect(() => (config.hiddenSizes as number[]).push(16)).toThrow(TypeError);
  });

  it("the list of recipes", () => {
    expect(() => (recipes as unknown[]).pop()).toThrow(TypeError);
  });
});

it("keeps its configuration when the caller changes the object it passed", () => {
  const own = { ...short, hiddenSizes: [3] };
  const training = new Training(own);
  own.hiddenSizes.push(16);
  own.gamma = 0.1;
  expect(training.config).toMatchObject({ hiddenSizes: [3], gamma: short.gamma });
  expect(openPolicy(encodePolicy(training), "policy").description.shape.hiddenSizes).toEqual([3]);
});

it("new Training rejects an invalid configuration", () => {
  expect(() => new Training({ ...short, gamma: 2 })).toThrow("gamma must be at most 1, got 2.");
});

describe("resuming a checkpoint", () => {
  const checkpoint = encodeCheckpoint(new Training(short), "solve");

  it.each([{ gamma: 0.1 }, { seed: 3 }, { hiddenSizes: [4] }, { recipe: "solve" as const }])(
    "rejects %j with the command line's message",
    async (changes) => {
      const [key] = Object.keys(changes);
      const sentence = `${key} cannot change in a resumed run, only totalSteps, totalEpisodes, backend can.`;
      await expect(createTrainer({ checkpoint, ...changes })).rejects.toThrow(sentence);
      const resume = () => resumeTraining(readCheckpoint(checkpoint), changes as object);
      expect(resume).toThrow(sentence);
    },
  );

  it("accepts another totalSteps, totalEpisodes and backend", async () => {
    const changes = { totalSteps: 30, totalEpisodes: 9, backend: "js" } as const;
    const trainer = await createTrainer({ checkpoint, ...changes });
    expect(trainer.config).toMatchObject(changes);
  });
});

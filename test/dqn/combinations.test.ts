import { describe, expect, it } from "vitest";
import { type Config, defaults } from "../../src/config/config.ts";
import { recipeConfig, recipes } from "../../src/config/recipes.ts";
import { Training } from "../../src/dqn/training.ts";
import { weightsSha256 } from "../../src/formats/policy.ts";
import { findGame } from "../../src/games/builtInGames.ts";
import { backends } from "../kernels/workbench.ts";

/** Trains on each backend until `enough`. Returns one hash per backend, over the online and target networks. */
async function hashes(config: Config, enough: (training: Training) => boolean) {
  const found: string[] = [];
  for (const backend of backends) {
    const training = new Training({ ...config, backend }, {}, findGame(config.env));
    while (!enough(training) && !training.advance(10));
    expect(enough(training)).toBe(true);
    const { buffer } = training.core;
    const { target } = training.plan.state;
    const copy = {
      name: "target",
      shape: [],
      values: new Float32Array(buffer, target.offset, target.length),
    };
    for (const { values } of training.weights()) {
      expect(values.every((value) => Number.isFinite(value))).toBe(true);
    }
    found.push(await weightsSha256([...training.weights(), copy]));
  }
  return found;
}

const flags = ["doubleQ", "dueling", "prioritized", "nSteps", "batchNorm"] as const;
const combinations = Array.from({ length: 2 ** flags.length }, (_, bits) =>
  flags.filter((_flag, k) => (bits >> k) & 1),
);

describe("every combination of extensions trains to the same bits on wasm and js", () => {
  it.each(combinations.map((on) => ({ on, name: on.join(" + ") || "plain" })))(
    "$name",
    async ({ on }) => {
      const values = on.map((flag) => [flag, flag === "nSteps" ? 3 : true]);
      const config: Config = {
        ...defaults,
        ...(Object.fromEntries(values) as Partial<Config>),
        hiddenSizes: [9, 6],
        batchSize: 11,
        bufferSize: 400,
        explorationSteps: 500,
        targetUpdateInterval: 37,
      };
      const [wasm, js] = await hashes(config, ({ agent }) => agent.updates >= 500);
      expect(js).toBe(wasm);
    },
  );
});

describe("every recipe trains to the same bits on wasm and js", () => {
  // test/dqn/pqn.test.ts and pqnSelfPlay.test.ts have small runs like those of 128 copies, which take minutes in js.
  const names = recipes.map(({ name }) => name).filter((name) => recipeConfig(name).numEnvs < 128);

  it.each(names)("%s: 200 updates and a target update", async (name) => {
    const config = recipeConfig(name);
    const { targetUpdateInterval, targetUpdateUnit } = config;
    const [wasm, js] = await hashes(config, ({ agent, episodes, steps }) => {
      const time = { step: steps, update: agent.updates, episode: episodes, none: Infinity };
      const since = targetUpdateUnit === "step" ? config.learningStarts : 0;
      return agent.updates >= 200 && time[targetUpdateUnit] >= since + targetUpdateInterval;
    });
    expect(js).toBe(wasm);
  });
});

import { describe, expect, it } from "vitest";
import { customEnvironment } from "../../src/environments/customEnvironment.ts";
import type { Environment } from "../../src/environments/environment.ts";
import { RunError } from "../../src/errors.ts";
import { createTrainer, train } from "../../src/index.ts";
import { createCore } from "../../src/kernels/core.ts";
import Coin from "../games/coin.ts";

const core = createCore("js", 16);
const changed = (members: object) => () => Object.assign(new Coin(), members);

describe("the optional members of an environment", () => {
  it("are part of its description", () => {
    expect(customEnvironment("coin", Coin)).toMatchObject({
      observationShape: [2, 4, 4],
      actionNames: ["up", "right", "down", "left"],
      maxEpisodeSteps: 20,
      rewardThreshold: 0.6,
    });
  });

  it.each([
    ["maxEpisodeSteps", 0, "a whole number of at least 1", "0"],
    ["maxEpisodeSteps", "9", "a whole number of at least 1", '"9"'],
    ["rewardThreshold", Number.NaN, "a number", "NaN"],
    ["rewardThreshold", "high", "a number", '"high"'],
    ["observationShape", [4, 4], "a list with the product 32", "[4,4]"],
    ["observationShape", [-8, -4], "a list with the product 32", "[-8,-4]"],
    ["observationType", "int8", "float32 or uint8", '"int8"'],
    ["observationShape", 32, "a list with the product 32", "32"],
    ["actionNames", ["up", "down"], "4 different texts", '["up","down"]'],
    ["actionNames", ["a", "b", "c", "a"], "4 different texts", '["a","b","c","a"]'],
    ["actionNames", ["a", "b", "c", ""], "4 different texts", '["a","b","c",""]'],
    ["actionNames", ["a", "b", "c", 4], "4 different texts", '["a","b","c",4]'],
    ["actionNames", "abcd", "4 different texts", '"abcd"'],
  ])("refuses %s of %j", (key, value, expected, got) => {
    expect(() => customEnvironment("coin", changed({ [key]: value }))).toThrow(
      `The environment coin must have ${expected} as its ${key}, got ${got}.`,
    );
  });

  it.each([
    [{ observationSize: 30, observationShape: [30] }, "observationSize: 32, got 30"],
    [{ actionCount: 3, actionNames: ["a", "b", "c"] }, "actionCount: 4, got 3"],
    [
      { actionNames: ["left", "up", "right", "down"] },
      "actionNames: up,right,down,left, got left,up,right,down",
    ],
    [{ observationShape: [4, 4, 2] }, "observationShape: 2,4,4, got 4,4,2"],
    [{ observationType: "uint8" }, "observationType: undefined, got uint8"],
    [{ players: 2 }, "players: undefined, got 2"],
    [{ legalActions: () => [1, 1, 1, 1] }, "legalActions: undefined, got a function"],
  ])("refuses a later instance with %j", (members, message) => {
    let made = 0;
    const spec = customEnvironment("coin", () => (++made === 1 ? new Coin() : changed(members)()));
    expect(() => spec.make(core, 0)).toThrow(
      new RunError(`Every instance of the environment coin must have the same ${message}.`),
    );
  });

  it("limits episodes to maxEpisodeSteps, unless the configuration sets another limit", async () => {
    const lengthsWith = async (changes: object) => {
      const lengths: number[] = [];
      const environment = changed({
        step: () => ({
          observation: new Coin().reset(),
          reward: 0,
          terminated: false,
          truncated: false,
        }),
      });
      const episode = ({ length }: { length: number }) => lengths.push(length);
      await train({ environment, totalSteps: 60, ...changes, episode });
      return lengths;
    };
    expect(await lengthsWith({})).toEqual([20, 20, 20]);
    expect(await lengthsWith({ maxEpisodeSteps: 30 })).toEqual([30, 30]);
    expect(await lengthsWith({ maxEpisodeSteps: 0 })).toEqual([]);
  });

  it("render through wrappers", () => {
    const { environment } = new (class {
      readonly environment = customEnvironment("coin", Coin).make(core, 0);
    })();
    environment.reset({ seed: 3 });
    expect(environment.render!()).toMatch(/^([.@o] ?){4}(\n([.@o] ?){4}){3}$/);
  });
});

describe("a class or function", () => {
  it("is an environment of train and createTrainer", async () => {
    expect((await train({ environment: Coin, totalSteps: 30 })).config.env).toBe("Coin");
    const trainer = await createTrainer({ environment: () => new Coin(), totalSteps: 30 });
    expect(trainer.config.env).toBe("environment");
    expect((await trainer.run()).steps).toBe(30);
  });

  it.each([
    ["an instance", new Coin() as unknown as typeof Coin],
    ["a number", 5 as unknown as typeof Coin],
    ["null", null as unknown as typeof Coin],
  ])("is expected, not %s", async (_, environment) => {
    const message =
      /^environment must be a class or function that makes it \(Snake, not new Snake\(\)\), got /;
    if (environment !== null) {
      await expect(train({ environment, totalSteps: 30 })).rejects.toThrow(message);
    }
    expect(() => customEnvironment("coin", environment)).toThrow(message);
  });

  it("whose error is thrown by your code names its file and line", () => {
    const environment = changed({
      step() {
        throw new Error("out of food");
      },
    });
    const made: Environment = customEnvironment("coin", environment).make(core, 0);
    made.reset();
    expect(() => made.step(0)).toThrow(
      /^The environment coin threw in step \(episode 1, step 1\): environmentMembers\.test\.ts:\d+: out of food\.$/,
    );
  });
});

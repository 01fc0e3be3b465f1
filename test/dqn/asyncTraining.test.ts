import { describe, expect, it } from "vitest";
import type { ConfigChanges } from "../../src/config/config.ts";
import { train } from "../../src/dqn/train.ts";
import { Training } from "../../src/dqn/training.ts";
import type { AsyncEnvironment } from "../../src/environments/asyncEnvironment.ts";
import { CartPole } from "../../src/environments/cartPole.ts";
import { customEnvironment } from "../../src/environments/customEnvironment.ts";
import type { Environment } from "../../src/environments/environment.ts";
import { maskedEnvironment } from "./maskedEnvironment.ts";

const small: ConfigChanges = {
  ...{ totalSteps: 400, hiddenSizes: [8], bufferSize: 200, batchSize: 8, learningStarts: 20 },
  ...{ explorationSteps: 300, trainFrequency: 1, targetUpdateInterval: 10 },
};

/** The same game, whose results arrive later: most as microtasks, every 50th after a timer. */
function later(game: Environment, log: string[] = []): AsyncEnvironment {
  let calls = 0;
  const delay = () => {
    if (++calls % 50 === 0) return new Promise((resolve) => setTimeout(resolve));
  };
  const { actionCount, legalActions, observationSize } = game;
  const asynchronous: AsyncEnvironment = {
    actionCount,
    observationSize,
    async reset(options) {
      log.push("reset");
      await delay();
      return game.reset(options);
    },
    async step(action) {
      await delay();
      const result = game.step(action);
      log.push(result.terminated ? "terminated" : "step");
      return result;
    },
  };
  if (legalActions === undefined) return asynchronous;
  return {
    ...asynchronous,
    async legalActions() {
      if (log.at(-1) === "terminated") log.push("mask of a terminated game");
      return legalActions.call(game);
    },
  };
}

const weightsOf = (training: Training) => training.weights().map(({ values }) => [...values]);

describe("train in an asynchronous environment", () => {
  const cases: readonly [string, ConfigChanges, () => Environment][] = [
    ["one update per step", {}, () => new CartPole()],
    ["several updates per step", { trainFrequency: 4, gradientSteps: 3 }, () => new CartPole()],
    [
      "frames, noise and a time limit",
      { frameStack: 2, observationNoise: 0.1, maxEpisodeSteps: 15 },
      () => new CartPole(),
    ],
    ["masks and truncated episodes", {}, maskedEnvironment],
    ["a limit of episodes", { totalSteps: null, totalEpisodes: 20 }, maskedEnvironment],
  ];
  it.each(cases)("gives the same bits as a synchronous one: %s", async (_, changes, makeGame) => {
    const chosen = { ...small, ...changes };
    const lengths: number[] = [];
    const log: string[] = [];
    const environment = customEnvironment("game", () => later(makeGame(), log));
    const episode = (record: { length: number }) => lengths.push(record.length);
    const training = await train({ ...chosen, environment, episode });
    const expected = await train({
      ...chosen,
      environment: customEnvironment("game", makeGame),
      evalEvery: null,
    });
    expect(training.agent.updates).toBeGreaterThan(20);
    expect(log).toContain("terminated");
    expect(log).not.toContain("mask of a terminated game");
    expect(training.state).toEqual(expected.state);
    expect(weightsOf(training)).toEqual(weightsOf(expected));
    expect(lengths.slice(-100)).toEqual(training.state.lastLengths);
    expect(training.config).toEqual(expected.config);
  });

  it("uses the instance whose first reset it called, and no reset after the last step", async () => {
    const logs: string[][] = [];
    const environment = () => {
      const log: string[] = [];
      logs.push(log);
      return later(new CartPole(), log);
    };
    const training = await train({ ...small, totalSteps: null, totalEpisodes: 3, environment });
    const used = logs.filter((log) => log.length > 0);
    expect(used.length).toBe(1);
    expect(used[0]!.filter((call) => call === "reset").length).toBe(3);
    expect(used[0]!.length).toBe(training.steps + 3);
  });

  it("lets other work run, also if the game answers at once", async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++);
    const game = new CartPole();
    const environment = (): AsyncEnvironment => ({
      ...{ observationSize: 4, actionCount: 2 },
      reset: async (options) => game.reset(options),
      step: async (action) => game.step(action),
    });
    const long = { ...small, totalSteps: 3_000, hiddenSizes: [64, 64], batchSize: 64 };
    await train({ ...long, environment });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(0);
  });

  it("stops at a signal, also if the game never answers", async () => {
    const controller = new AbortController();
    const environment = (): AsyncEnvironment => ({
      ...{ observationSize: 4, actionCount: 2 },
      reset: async () => [0, 0, 0, 0],
      step: () => {
        controller.abort("enough");
        return new Promise(() => {});
      },
    });
    const { signal } = controller;
    await expect(train({ ...small, environment, signal })).rejects.toBe("enough");
  });

  const game = (changes: Partial<AsyncEnvironment>) => (): AsyncEnvironment => ({
    ...later(new CartPole()),
    ...changes,
  });
  it.each<[string, Partial<AsyncEnvironment>, ConfigChanges, RegExp]>([
    [
      "a rejected step",
      { step: () => Promise.reject(new Error("lost")) },
      {},
      /^The environment game threw in step \(episode 1, step 1\): .*lost\.$/,
    ],
    [
      "a rejected first reset",
      { reset: () => Promise.reject(new Error("offline")) },
      {},
      /^The environment game threw in reset \(episode 1, step 0\): .*offline\.$/,
    ],
    [
      "a wrong observation",
      { reset: async () => [1, 2] },
      {},
      /^The environment game, episode 1, step 0: expected an observation of 4 numbers, got 2\.$/,
    ],
    [
      "a result without flags",
      { step: async () => ({ observation: [0, 0, 0, 0], reward: 1 }) as never },
      {},
      /^The environment game, episode 1, step 1: expected terminated to be true or false, got undefined\.$/,
    ],
    [
      "a result that is nothing",
      { step: async () => undefined as never },
      {},
      /expected a result with/,
    ],
    ["copies of the game", {}, { numEnvs: 2 }, /^numEnvs must be 1 in a game that the library/],
    ["evaluations", {}, { evalEvery: 50 }, /^evalEvery must be null in a game that the library/],
    [
      "a diverging run",
      {},
      { learningRate: 1e30, optimizer: "sgd" },
      /^Training diverged by step 400/,
    ],
  ])("reports %s in one sentence", async (_, changes, config, message) => {
    const environment = customEnvironment("game", game(changes));
    await expect(train({ ...small, ...config, environment })).rejects.toThrow(message);
  });

  it("says what to do if only step is asynchronous", async () => {
    const environment = customEnvironment("game", game({ reset: (() => [0, 0, 0, 0]) as never }));
    await expect(train({ ...small, environment })).rejects.toThrow(
      "The environment game, episode 1, step 1: expected an async reset, because step is async, got [object Promise].",
    );
  });

  it("is refused by Training, with a sentence", async () => {
    const own = customEnvironment("game", game({}));
    const config = (await train({ ...small, environment: own })).config;
    const training = new Training(config, {}, own);
    expect(() => training.advance(1)).toThrow(
      "The environment game returned a promise: only the library's train() waits for it.",
    );
  });
});

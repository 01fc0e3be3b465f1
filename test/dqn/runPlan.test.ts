import { describe, expect, it } from "vitest";
import { type Config, defaults } from "../../src/config/config.ts";
import { findRecipe } from "../../src/config/recipes.ts";
import { planRun } from "../../src/dqn/runPlan.ts";
import { countEpisode, newRunState } from "../../src/dqn/runState.ts";
import { yieldToEventLoop } from "../../src/dqn/yieldToEventLoop.ts";
import { UsageError } from "../../src/errors.ts";
import { scriptedEnvironment } from "./scriptedEnvironment.ts";

const base: Config = { ...defaults, hiddenSizes: [4], bufferSize: 50 };

it("keeps the returns of the last 100 episodes", () => {
  const state = newRunState(base);
  for (let k = 0; k < 102; k++) countEpisode(state, { length: 1, return: k, score: k });
  const { lastReturns } = state;
  expect([lastReturns.length, lastReturns[0], lastReturns.at(-1)]).toEqual([100, 2, 101]);
});

it("starts outside the end of an episode and keeps the length of the longest episode", () => {
  const state = newRunState(base);
  expect(state.ended).toBe(false);
  const longest = [5, 3].map((length) => countEpisode(state, { length, return: 0, score: 0 }));
  expect(longest).toEqual([true, false]);
  expect(state.longestEpisode).toBe(5);
});

describe("planning a run", () => {
  it("rejects an explorationAction that the environment does not have", () => {
    const { spec } = scriptedEnvironment([]);
    const plan = (explorationAction: number) => () => planRun({ ...base, explorationAction }, spec);
    expect(plan(2)).toThrow(
      new UsageError("explorationAction must be less than 2, the actions of Scripted-v0, got 2."),
    );
    expect(plan(1)).not.toThrow();
  });

  it("reserves the bytes that the environment asks for", () => {
    const { spec } = scriptedEnvironment([]);
    expect(planRun(base, spec).plan.environment.length).toBe(0);
    expect(planRun(base).plan.environment.length).toBeGreaterThan(0);
  });

  it("finds a recipe by its name and lists the names if it is unknown", () => {
    expect(findRecipe("acrobot").changes.env).toBe("Acrobot-v1");
    expect(() => findRecipe("acro")).toThrow(
      /^recipe must be one of solve, tanh-64, .*, cliff-walking, got "acro"\.$/,
    );
  });
});

describe("yieldToEventLoop", () => {
  it.each(["setImmediate", "MessageChannel"] as const)(
    "resolves in a later task, with %s",
    async (way) => {
      const hidden = way === "setImmediate" ? "MessageChannel" : "setImmediate";
      const own: unknown = globalThis[hidden];
      Reflect.set(globalThis, hidden, undefined);
      try {
        let resumed = false;
        const next = yieldToEventLoop().then(() => {
          resumed = true;
        });
        await Promise.resolve();
        expect(resumed).toBe(false);
        await next;
        expect(resumed).toBe(true);
      } finally {
        Reflect.set(globalThis, hidden, own);
      }
    },
  );
});

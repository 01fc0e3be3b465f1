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
  for (let k = 0; k < 102; k++) countEpisode(Object.assign(state, { episodeReturn: k }));
  const { lastReturns } = state;
  expect([lastReturns.length, lastReturns[0], lastReturns.at(-1)]).toEqual([100, 2, 101]);
});

describe("planning a run", () => {
  it("refuses to explore with an action that there is not", () => {
    const { spec } = scriptedEnvironment([]);
    const plan = (explorationAction: number) => () => planRun({ ...base, explorationAction }, spec);
    expect(plan(2)).toThrow(
      new UsageError("explorationAction must be less than the 2 actions of Scripted-v0, got 2."),
    );
    expect(plan(1)).not.toThrow();
  });

  it("makes room for the environment's own bytes alone", () => {
    const { spec } = scriptedEnvironment([]);
    expect(planRun(base, spec).plan.environment.length).toBe(0);
    expect(planRun(base).plan.environment.length).toBeGreaterThan(0);
  });

  it("finds recipes by their names", () => {
    expect(findRecipe("acrobot").changes.env).toBe("Acrobot-v1");
    expect(() => findRecipe("acro")).toThrow(
      /^recipe must be one of solve, tanh-64, .*, acrobot, got "acro"\.$/,
    );
  });
});

describe("the next turn", () => {
  it.each(["setImmediate", "MessageChannel"] as const)("comes after others by %s", async (way) => {
    const lacking = way === "setImmediate" ? "MessageChannel" : "setImmediate";
    const own: unknown = globalThis[lacking];
    Reflect.set(globalThis, lacking, undefined);
    try {
      let turn = false;
      const next = yieldToEventLoop().then(() => {
        turn = true;
      });
      await Promise.resolve();
      expect(turn).toBe(false);
      await next;
      expect(turn).toBe(true);
    } finally {
      Reflect.set(globalThis, lacking, own);
    }
  });
});

import { describe, expect, it } from "vitest";
import type { Agent } from "../../src/agent/agent.ts";
import { UsageError } from "../../src/errors.ts";
import { makeAgent, rowsOf } from "./play.ts";

describe("an agent refuses", () => {
  const calls: readonly [string, (agent: Agent) => unknown, string][] = [
    [
      "an observation of another length",
      (agent) => agent.act([1]),
      "observation must be 2 finite numbers, got [1].",
    ],
    [
      "NaN in an observation",
      (agent) => agent.act([1, Number.NaN]),
      "observation must be 2 finite numbers, got [1,null].",
    ],
    [
      "no observation",
      (agent) => agent.act(null as never),
      "observation must be 2 finite numbers, got null.",
    ],
    [
      "options that are no object",
      (agent) => agent.act([1, 2], 1 as never),
      "options must be an object, got 1.",
    ],
    ["a reward before act", (agent) => agent.reward(1), "Call act before reward."],
    ["an end before act", (agent) => agent.end(), "Call act before end."],
    [
      "a second end",
      (agent) => {
        agent.act([1, 2]);
        agent.end();
        agent.end();
      },
      "Call act before end.",
    ],
    [
      "a reward that is no number",
      (agent) => agent.reward("1" as never),
      'reward must be a finite number, got "1".',
    ],
    [
      "a truncated end without an observation",
      (agent) => {
        agent.act([1, 2]);
        agent.end({ truncated: true });
      },
      "end needs the last observation of a truncated episode.",
    ],
    [
      "a mask without a legal action",
      (agent) => agent.act([1, 2], { legal: [0, 0, 0] }),
      "legal must be 3 values, one of them true, got [0,0,0].",
    ],
    [
      "a mask of another length",
      (agent) => agent.act([1, 2], { legal: [1] }),
      "legal must be 3 values, one of them true, got [1].",
    ],
    [
      "a negative time",
      (agent) => agent.learn({ milliseconds: -1 }),
      "milliseconds must be a number of at least 0, got -1.",
    ],
    ["advance", (agent) => agent.advance(), "An agent plays in your own loop: call act."],
    [
      "finalEvaluation",
      (agent) => agent.finalEvaluation(),
      "An agent plays in your own loop: call act.",
    ],
  ];
  it.each(calls)("%s", (_, call, message) => {
    const agent = makeAgent({ hasLegalActions: true });
    expect(() => call(agent)).toThrow(new UsageError(message));
  });

  it.each([[[1, 256]], [[0.5, 1]], [[-1, 1]], [["1", 1]]])(
    "numbers that are no bytes: %j",
    (observation) => {
      const agent = makeAgent({ observationType: "uint8" });
      expect(() => agent.act(observation as number[])).toThrow(
        `observation must be 2 whole numbers from 0 to 255 (uint8), got ${JSON.stringify(observation)}.`,
      );
      expect(agent.act([0, 255])).toBeGreaterThanOrEqual(0);
    },
  );

  it("a mask without hasLegalActions", () => {
    const act = () => makeAgent().act([1, 2], { legal: [1, 1, 1] });
    expect(act).toThrow("legal must be absent without hasLegalActions: true, got [1,1,1].");
  });

  it.each([
    [
      { observationSize: 0 },
      /^The environment environment must have a whole number of at least 1 as its obs/,
    ],
    [
      { actionCount: undefined },
      /at least 1 as its actionCount \(actions must be discrete\), got 0\.$/,
    ],
    [{ actionNames: ["a", "a"], actionCount: 2 }, /2 different texts as its actionNames/],
    [
      { observationShape: [3, 1] },
      /must have a list with the product 2 as its observationShape, got/,
    ],
    [
      { observationType: "int8" },
      /must have float32 or uint8 as its observationType, got "int8"\./,
    ],
    [
      { convFilters: [4] },
      /^convFilters must be empty unless observations have the shape rows, columns/,
    ],
    [{ players: 2 }, "players is not a configuration key."],
    [{ id: "" }, 'id must be a name, got "".'],
    [{ id: "CartPole-v1" }, "Your environment needs another id than CartPole-v1."],
    [{ milliseconds: -1 }, "milliseconds must be a number of at least 0, got -1."],
    [{ evalEvery: 100 }, "evalEvery must be null in a game that the library cannot play, got 100."],
    [
      { recipe: "pqn", evalEvery: null, targetUpdateInterval: 100 },
      'algorithm must be dqn in a game that the library cannot play, got "pqn".',
    ],
    [{ numEnvs: 2 }, "numEnvs must be 1 in a game that the library cannot play, got 2."],
    [
      { solvedThreshold: 9, solvedBy: "evaluation" },
      /^solvedBy must be meanReturn, runningScore or none, got/,
    ],
    [{ gamma: 2 }, "gamma must be at most 1, got 2."],
    [{ reward: 2 }, "reward is not a configuration key."],
  ])("to be created with %j", (changes, message) => {
    expect(() => makeAgent(changes as never)).toThrow(message);
  });

  it("to continue a diverged run", () => {
    const agent = makeAgent({ learningRate: 1e30, optimizer: "sgd", totalSteps: 5_000 });
    const play = () => {
      for (let step = 0; step < 1_001; step++) {
        agent.act([step % 5, 1]);
        agent.reward(step % 4);
      }
    };
    expect(play).toThrow(/^Training diverged by step 1000: /);
  });

  it("an invalid call without losing the step", () => {
    const agent = makeAgent();
    agent.act([1, 2]);
    agent.reward(4);
    expect(() => agent.act([1])).toThrow("observation");
    agent.act([1, 3]);
    const [row] = rowsOf(agent);
    expect(row![agent.plan.transition.reward]).toBe(4);
    expect(agent.steps).toBe(1);
  });
});

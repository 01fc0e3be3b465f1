import { describe, expect, it, vi } from "vitest";
import { type AgentOptions, createAgent } from "../../src/agent/createAgent.ts";
import { chosenConfig } from "../../src/config/chosenConfig.ts";
import type { ConfigChanges } from "../../src/config/config.ts";
import { Training } from "../../src/dqn/training.ts";
import { CartPole } from "../../src/environments/cartPole.ts";
import { customEnvironment } from "../../src/environments/customEnvironment.ts";
import type { Environment } from "../../src/environments/environment.ts";
import { encodeCheckpoint } from "../../src/formats/checkpoint.ts";
import { loadPolicy } from "../../src/formats/loadPolicy.ts";
import { encodePolicy, readPolicy } from "../../src/formats/policy.ts";
import { Breakout } from "../../src/games/minatar/breakout.ts";
import { regionView } from "../../src/network/arena.ts";
import { streamSeed, streams } from "../../src/numerics/random.ts";
import { maskedEnvironment } from "../dqn/maskedEnvironment.ts";
import { makeAgent, playUntilFinished, rowsOf, small } from "./play.ts";

/** State of a run without the environment: counters and all arrays that a checkpoint holds. */
const stateOf = (training: Training) => ({
  ...training.state,
  updates: training.agent.updates,
  weights: training.weights().map(({ values }) => [...values]),
  replay: rowsOf(training),
  streams: [...regionView(training.core.buffer, training.plan.state.explorationStream)],
});

describe("an agent in a user's loop", () => {
  const cases: readonly [string, ConfigChanges, () => Environment][] = [
    ["one update per step", {}, () => new CartPole()],
    ["3-step returns", { nSteps: 3, gradientSteps: 2, trainFrequency: 4 }, () => new CartPole()],
    ["updates per episode", { trainFrequencyUnit: "episode" }, () => new CartPole()],
    ["frames and noise", { frameStack: 3, observationNoise: 0.1 }, () => new CartPole()],
    ["a shaped reward", { failureReward: -1, rewardScale: 0.5 }, () => new CartPole()],
    ["prioritised replay", { prioritized: true, doubleQ: true }, () => new CartPole()],
    ["normalisation", { normalizeObservations: true }, () => new CartPole()],
    ["masks and truncated episodes", {}, maskedEnvironment],
    ["a grid of bytes", { convFilters: [2], kernelSize: 3 }, () => new Breakout()],
    [
      "an episode that ends with the run",
      { totalSteps: null, totalEpisodes: 30 },
      maskedEnvironment,
    ],
  ];
  it.each(cases)("learns the same bits as a training: %s", (_, changes, makeGame) => {
    const chosen = { ...small, ...changes };
    const own = customEnvironment("game", makeGame);
    const config = { ...chosenConfig("solve", chosen, own), evalEvery: null };
    const training = new Training(config, {}, own);
    training.learn({ milliseconds: 60_000 });
    expect(training.agent.updates).toBeGreaterThan(20);

    const { actionCount, hasLegalActions = false, observationSize } = own;
    const { observationShape, observationType } = makeGame();
    const agent = createAgent({
      ...{ id: "game", ...chosen, observationSize, actionCount, hasLegalActions },
      ...(observationShape && { observationShape }),
      ...(observationType && { observationType }),
    });
    playUntilFinished(agent, makeGame(), streamSeed(config.seed, streams.environment));
    expect(stateOf(agent)).toEqual(stateOf(training));
    expect(agent.config).toEqual(training.config);
  });

  it("adds rewards, and takes 0 for a step without one", () => {
    const returns: number[] = [];
    const agent = makeAgent({ episode: (record) => returns.push(record.return, record.length) });
    agent.act([0, 1]);
    agent.reward(2);
    agent.reward(0.5);
    agent.act([0, 2]);
    agent.act([0, 3]);
    agent.reward(-1);
    agent.end();
    expect(returns).toEqual([1.5, 3]);
    const rows = rowsOf(agent);
    const { action, discount, nextObservation, reward } = agent.plan.transition;
    expect(rows.map((row) => row[reward])).toEqual([2.5, 0, -1]);
    expect(rows.map((row) => row[discount])).toEqual([Math.fround(0.99), Math.fround(0.99), 0]);
    expect(rows.map((row) => row[nextObservation + 1])).toEqual([2, 3, 3]);
    expect(rows.every((row) => row[action]! >= 0 && row[action]! < 3)).toBe(true);
  });

  it("keeps the value of the last state of a truncated episode", () => {
    const agent = makeAgent();
    agent.act([0, 1]);
    agent.end({ truncated: true, observation: [0, 9] });
    const [row] = rowsOf(agent);
    const { discount, nextObservation } = agent.plan.transition;
    expect(row![discount]).toBe(Math.fround(0.99));
    expect(row![nextObservation + 1]).toBe(9);
    expect(agent.episodes).toBe(1);
  });

  it("cuts the learner's episode at maxEpisodeSteps while the game continues", () => {
    const agent = makeAgent({ maxEpisodeSteps: 5 });
    for (let step = 0; step < 21; step++) agent.act([step, 1]);
    expect(agent.state.lastLengths).toEqual([5, 5, 5, 5]);
  });

  it("never returns an illegal action", () => {
    const agent = makeAgent({ hasLegalActions: true });
    for (let step = 0; step < 300; step++) {
      const only = step % 3;
      const legal = [0, 1, 2].map((action) => action === only);
      expect(agent.act([step % 7, 1], { legal, greedy: step % 50 > 40 })).toBe(only);
    }
  });

  it("copies the observation and the mask", () => {
    const agent = makeAgent({ hasLegalActions: true });
    const observation = [1, 2];
    agent.act(observation, { legal: [1, 0, 0] });
    observation.fill(7);
    agent.end();
    const [row] = rowsOf(agent);
    expect(row!.slice(0, 2)).toEqual([1, 2]);
  });

  it("acts greedily and learns nothing once the run is finished", () => {
    const agent = makeAgent({ totalSteps: 50 });
    for (let step = 0; step < 60; step++) agent.act([step % 5, 1]);
    expect([agent.finished, agent.steps]).toEqual([true, 50]);
    const before = stateOf(agent);
    const actions = [1, 2, 3].map(() => agent.act([2, 1]));
    expect(new Set(actions).size).toBe(1);
    agent.reward(1);
    agent.end();
    expect(stateOf(agent)).toEqual(before);
  });
});

describe("a greedy act", () => {
  it("returns the best action and changes nothing", () => {
    const agent = makeAgent({ hasLegalActions: true });
    for (let step = 0; step < 100; step++) {
      agent.act([Math.sin(step), Math.cos(step)]);
      agent.reward(step % 3);
    }
    agent.end();
    const before = stateOf(agent);
    const greedy = agent.act([0.3, 0.4], { greedy: true });
    const { qValues } = agent.agent.policy;
    expect(qValues[greedy]).toBe(Math.max(...qValues));
    const others = [0, 1, 2].map((action) => (action === greedy ? 0 : 1));
    const second = agent.act([0.3, 0.4], { greedy: true, legal: others });
    expect(second).not.toBe(greedy);
    agent.reward(100);
    agent.end();
    expect(stateOf(agent)).toEqual(before);
  });

  it("ends the learner's episode as truncated", () => {
    const agent = makeAgent();
    agent.act([0, 1]);
    agent.reward(3);
    agent.act([0, 2], { greedy: true });
    expect([agent.steps, agent.episodes]).toEqual([1, 1]);
    agent.act([0, 3], { greedy: true });
    agent.act([0, 4]);
    expect([agent.steps, agent.episodes, agent.actor.length]).toEqual([1, 1, 0]);
    const [row] = rowsOf(agent);
    const { discount, nextObservation, reward } = agent.plan.transition;
    expect([row![reward], row![discount]]).toEqual([3, Math.fround(0.99)]);
    expect(row![nextObservation + 1]).toBe(2);
  });

  it("stacks its own frames", () => {
    const agent = makeAgent({ frameStack: 2 });
    agent.act([0, 1], { greedy: true });
    agent.act([0, 2], { greedy: true });
    expect([...agent.actor.observation]).toEqual([0, 1, 0, 2]);
    agent.end();
    agent.act([0, 3], { greedy: true });
    expect([...agent.actor.observation]).toEqual([0, 0, 0, 3]);
  });
});

describe("a time budget", () => {
  /** Makes each update take 3 ms of a fake clock. */
  function withFakeClock(agent: Training): { now: number } {
    const clock = { now: 0 };
    vi.spyOn(performance, "now").mockImplementation(() => clock.now);
    const learn = agent.agent.learn.bind(agent.agent);
    agent.agent.learn = () => {
      clock.now += 3;
      learn();
    };
    return clock;
  }

  it("defers updates to later calls and to learn, and loses none", () => {
    const options = { learningStarts: 8, trainFrequency: 10, gradientSteps: 10 };
    const agent = makeAgent({ ...options, milliseconds: 4 });
    const clock = withFakeClock(agent);
    const slices: number[] = [];
    for (let step = 0; step < 31; step++) {
      const start = clock.now;
      agent.act([step % 5, 1]);
      slices.push(clock.now - start);
    }
    expect(agent.steps).toBe(30);
    // 10 updates are due after steps 10, 20 and 30. A call makes 2 of them: the second begins within the budget and exceeds it.
    expect(Math.max(...slices)).toBe(6);
    expect(slices.slice(9, 18)).toEqual([0, 6, 6, 6, 6, 6, 0, 0, 0]);
    expect(agent.agent.updates).toBe(22);
    expect(agent.learn({ milliseconds: 7 })).toBe(false);
    expect(agent.agent.updates).toBe(25);
    expect(agent.learn({ milliseconds: Infinity, stop: () => true })).toBe(false);
    expect(agent.learn({ milliseconds: Infinity })).toBe(true);
    expect(agent.agent.updates).toBe(30);
    expect(agent.learn({ milliseconds: 5 })).toBe(true);
    expect(agent.agent.updates).toBe(30);
    vi.restoreAllMocks();
  });

  it("of 0 leaves all updates to learn", () => {
    const agent = makeAgent({ milliseconds: 0 });
    for (let step = 0; step < 101; step++) agent.act([step % 5, 1]);
    expect(agent.agent.updates).toBe(0);
    expect(agent.learn({ milliseconds: 60_000 })).toBe(true);
    expect(agent.agent.updates).toBe(80);
  });
});

describe("files of an agent", () => {
  it("resumes from its checkpoint with a new episode, to the same bits each time", () => {
    const first = makeAgent({ id: "duel" });
    for (let step = 0; step < 300; step++) first.act([Math.sin(step), 1]);
    const checkpoint = encodeCheckpoint(first, "solve");
    const resume = () => {
      const agent = createAgent({ id: "duel", observationSize: 2, actionCount: 3, checkpoint });
      expect([agent.steps, agent.config.hiddenSizes]).toEqual([299, [8]]);
      expect(() => agent.reward(1)).toThrow("Call act before reward.");
      for (let step = 0; step < 300; step++) agent.act([Math.sin(step), 1]);
      return agent;
    };
    const second = resume();
    expect(second.steps).toBe(598);
    expect(stateOf(second)).toEqual(stateOf(resume()));
    expect(second.agent.updates).toBe(598 - 20);
  });

  it("resumes a grid of bytes, whose policy and checkpoint refuse another shape", () => {
    const shape = { observationShape: [4, 3, 1], observationType: "uint8" } as const;
    const game = { id: "grid", observationSize: 12, actionCount: 2, ...shape };
    const grid = (step: number) => Array.from({ length: 12 }, (_, k) => (7 * k * step) % 256);
    const first = createAgent({ ...small, ...game, convFilters: [2], kernelSize: 2 });
    for (let step = 0; step < 100; step++) first.act(grid(step));
    const checkpoint = encodeCheckpoint(first);
    const resume = (changes: Partial<AgentOptions> = {}) => {
      const agent = createAgent({ ...game, checkpoint, ...changes });
      for (let step = 0; step < 300; step++) agent.act(grid(step));
      return agent;
    };
    const second = resume();
    expect([second.steps, second.agent.updates]).toEqual([398, 398 - 20]);
    expect(stateOf(second)).toEqual(stateOf(resume()));
    expect(() => resume({ observationShape: [3, 4, 1] })).toThrow(
      "checkpoint needs the environment grid (4x3x1 inputs, 2 actions), got grid (3x4x1 inputs, 2 actions).",
    );
    const policy = loadPolicy(encodePolicy(second));
    expect(policy.environment).toMatchObject({ id: "grid", observationShape: [4, 3, 1] });
    for (let step = 0; step < 20; step++) {
      expect(policy.act(grid(step))).toBe(second.act(grid(step), { greedy: true }));
    }
  });

  it("drops the incomplete n-step returns of the interrupted episode", () => {
    const first = makeAgent({ nSteps: 3 });
    for (let step = 0; step < 5; step++) first.act([step, 1]);
    expect(first.actor.nStep.pending).toBe(2);
    const checkpoint = encodeCheckpoint(first);
    const second = createAgent({ observationSize: 2, actionCount: 3, checkpoint });
    second.act([9, 9]);
    second.end();
    expect(rowsOf(second).map(([first]) => first)).toEqual([0, 1, 9]);
  });

  it("refuses the checkpoint of another game", () => {
    const checkpoint = encodeCheckpoint(makeAgent({ id: "duel" }));
    const resume = (options: Partial<AgentOptions>) => () =>
      createAgent({ id: "duel", observationSize: 2, actionCount: 3, checkpoint, ...options });
    expect(resume({ id: "other" })).toThrow(/^checkpoint needs the environment duel \(2 inputs/);
    expect(resume({ actionCount: 4 })).toThrow(/^checkpoint needs the environment duel/);
    expect(resume({ gamma: 0.5 })).toThrow(/^gamma cannot change in a resumed run/);
    expect(resume({ recipe: "solve" })).toThrow(/^recipe cannot change in a resumed run/);
    expect(resume({ totalSteps: 9 })().config.totalSteps).toBe(9);
  });

  it("writes a policy with the game's id and action names", () => {
    const actionNames = ["left", "stay", "right"];
    const agent = createAgent({ ...small, id: "duel", observationSize: 2, actionNames });
    const { description } = readPolicy(encodePolicy(agent), "policy");
    expect(description.environment).toEqual({
      id: "duel",
      observationSize: 2,
      actionCount: 3,
      actionNames,
    });
  });
});

import { describe, expect, it } from "vitest";
import { recipeConfig } from "../../src/config/recipes.ts";
import type { EpisodeRecord } from "../../src/dqn/observer.ts";
import { Training } from "../../src/dqn/training.ts";
import { type ScriptedEpisode, scriptedEnvironment } from "./scriptedEnvironment.ts";

const config = recipeConfig("tanh-64");

function train(episodes: readonly ScriptedEpisode[], steps: number, changes = {}) {
  const records: EpisodeRecord[] = [];
  const { spec } = scriptedEnvironment(episodes);
  const observer = { episode: (record: EpisodeRecord) => records.push(record) };
  const training = new Training({ ...config, ...changes }, observer, spec);
  training.advance(steps);
  return { training, records };
}

/** The transition stored in the step with this 0-based number. */
function stored({ core, plan }: Training, step: number) {
  const offset = plan.replay.table.offset + 4 * step * plan.transition.stride;
  const [episode, at, nextEpisode, nextAt, , reward, discount] = new Float32Array(
    core.buffer,
    offset,
    7,
  );
  return { observation: [episode, at], next: [nextEpisode, nextAt], reward, discount };
}

describe("tanh-64 follows its source", () => {
  it("a failed episode of n steps scores n - 1 and ends with reward -1 and discount 0", () => {
    const { training, records } = train([{ length: 20, end: "terminated" }], 20);
    expect(records[0]).toMatchObject({ episode: 1, steps: 20, length: 20, return: 20 });
    expect(records[0]?.runningScore).toBeCloseTo(0.01 * 19, 12);
    expect(stored(training, 18)).toMatchObject({ reward: 1, discount: Math.fround(0.99) });
    expect(stored(training, 19)).toEqual({
      observation: [0, 19],
      next: [0, 20],
      reward: -1,
      discount: 0,
    });
  });

  it.each(["truncated", "both"] as const)(
    "an episode of 500 steps (%s) scores 500 and ends with reward 1 and discount 0",
    (end) => {
      const { training, records } = train([{ length: 500, end }], 500);
      expect(records[0]?.runningScore).toBeCloseTo(5, 12);
      expect(stored(training, 499)).toMatchObject({ reward: 1, discount: 0 });
    },
  );

  it("a truncated transition bootstraps with timeLimitTerminal false", () => {
    const { training } = train([{ length: 10, end: "truncated" }], 10, {
      timeLimitTerminal: false,
    });
    expect(stored(training, 9)).toMatchObject({ reward: 1, discount: Math.fround(0.99) });
  });

  it("stores the first observation of the next episode", () => {
    const { training } = train([{ length: 3, end: "terminated" }], 4);
    expect(stored(training, 3)).toMatchObject({ observation: [1, 0], next: [1, 1] });
  });

  it("updates the running score as 0.99 of itself plus 0.01 of the score", () => {
    const { records } = train([{ length: 101, end: "terminated" }], 303);
    const expected = [1, 1.99, 2.9701];
    records.forEach((record, k) => {
      expect(record.runningScore).toBeCloseTo(expected[k]!, 10);
    });
    expect(records.length).toBe(3);
  });

  it("acts at random for 1,000 steps, then learns and decays epsilon", () => {
    const { training } = train([{ length: 50, end: "terminated" }], 1000);
    expect(training.agent.updates).toBe(0);
    expect(training.epsilon()).toBe(1);
    training.advance(1);
    expect(training.agent.updates).toBe(1);
    expect(training.epsilon()).toBeCloseTo(1 - 5e-5, 12);
    training.advance(18_000);
    expect(training.epsilon()).toBe(0.1);
  });

  it("copies the weights to the target after every 100th step once learning has begun", () => {
    const { training } = train([{ length: 50, end: "terminated" }], 1000);
    const { buffer } = training.core;
    const { online, target } = training.plan.state;
    const weights = (region: { offset: number; length: number }) =>
      Array.from(new Float32Array(buffer, region.offset, region.length));
    const initial = weights(target);
    expect(weights(online)).toEqual(initial);
    training.advance(99);
    expect(weights(target)).toEqual(initial);
    expect(weights(online)).not.toEqual(initial);
    training.advance(1);
    expect(weights(target)).toEqual(weights(online));
    training.advance(1);
    expect(weights(target)).not.toEqual(weights(online));
  });

  it("stops when the running score exceeds 400, or after 1,000 episodes", () => {
    const won = train([{ length: 500, end: "truncated" }], 1e6, { learningStarts: 1e9 }).training;
    expect(won.solved).toBe(true);
    expect(won.episodes).toBe(Math.ceil(Math.log(1 - 400 / 500) / Math.log(0.99)));
    const lost = train([{ length: 9, end: "terminated" }], 1e6, { learningStarts: 1e9 }).training;
    expect(lost.finished).toBe(true);
    expect(lost.solved).toBe(false);
    expect(lost.episodes).toBe(1000);
  });
});

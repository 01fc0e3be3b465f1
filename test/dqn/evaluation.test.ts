import { describe, expect, it } from "vitest";
import {
  type EvaluationOptions,
  evaluationStepLimit,
  playEpisodes,
  summarize,
} from "../../src/dqn/evaluation.ts";
import type { Environment } from "../../src/environments/environment.ts";

/** Episodes of these lengths, reward 2 a step, observation [episode, step]; notes seeds and actions. */
function scripted(lengths: readonly number[], end: "terminated" | "truncated" = "terminated") {
  const seeds: unknown[] = [];
  const actions: number[] = [];
  let episode = -1;
  let step = 0;
  const environment: Environment = {
    observationSize: 2,
    actionCount: 99,
    reset(options) {
      seeds.push(options?.seed);
      episode++;
      step = 0;
      return [episode, 0];
    },
    step(action) {
      actions.push(action);
      step++;
      const over = step === lengths[episode];
      const ends = {
        terminated: over && end === "terminated",
        truncated: over && end !== "terminated",
      };
      return { observation: [episode, step], reward: 2, ...ends };
    },
  };
  const play = (options: Partial<EvaluationOptions> = {}, onReset?: () => void) =>
    playEpisodes(
      environment,
      { episodes: lengths.length, seed: 7, ...options },
      (observation) => 10 * observation[0]! + observation[1]!,
      onReset,
    );
  return { play, seeds, actions };
}

describe("playing episodes", () => {
  it.each(["terminated", "truncated"] as const)("sums each one's rewards until it is %s", (end) => {
    const { actions, play, seeds } = scripted([2, 3, 1], end);
    let starts = 0;
    const evaluation = play({}, () => {
      starts++;
    });
    expect(evaluation).toEqual({ returns: [4, 6, 2], lengths: [2, 3, 1], capped: 0 });
    expect(actions).toEqual([0, 1, 10, 11, 12, 20]);
    expect(seeds).toEqual([7, undefined, undefined]);
    expect(starts).toBe(3);
  });

  it("cuts off an episode that does not end, and counts it", () => {
    const { play } = scripted([Infinity, evaluationStepLimit, 1]);
    expect(play()).toEqual({
      returns: [20_000, 20_000, 2],
      lengths: [10_000, 10_000, 1],
      capped: 1,
    });
  });

  it.each([
    // After the first the mean may still be (2 + 30) / 4, after the second (6 + 20) / 4.
    [6.5, 4],
    [6.51, 2],
    [8, 2],
    [8.01, 1],
    [-Infinity, 4],
  ])(
    "gives up where a mean of %d is out of reach: after %i of [2, 4, 10, 10]",
    (threshold, count) => {
      const { play } = scripted([1, 2, 5, 5]);
      const { lengths, returns } = play({ giveUp: { threshold, best: 10 } });
      expect(returns).toEqual([2, 4, 10, 10].slice(0, count));
      expect(lengths.length).toBe(count);
    },
  );
});

it("summarize is the mean, population standard deviation, least and greatest, by hand", () => {
  expect(summarize([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({ mean: 5, std: 2, min: 2, max: 9 });
  expect(summarize([-3])).toEqual({ mean: -3, std: 0, min: -3, max: -3 });
  expect(summarize([4, -1])).toEqual({ mean: 1.5, std: 2.5, min: -1, max: 4 });
});

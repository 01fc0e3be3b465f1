import { describe, expect, it } from "vitest";
import {
  bestTrial,
  planHalving,
  rankConfigurations,
  roundTrials,
  survivors,
} from "../../src/sweep/halving.ts";
import { planConfigurations } from "../../src/sweep/plan.ts";
import { summarizeSweep, summaryTable } from "../../src/sweep/report.ts";
import { failedTrial, type Trial, type TrialResult } from "../../src/sweep/trial.ts";
import type { Values } from "../../src/sweep/valueRange.ts";

const configurationsOf = (
  values: Readonly<Record<string, Values>>,
  samples: number | null = null,
) => planConfigurations({ recipes: ["solve"], seeds: [1], values, samples });

const gammas = (count: number) => Array.from({ length: count }, (_, k) => (k + 1) / 100);
const planOf = (count: number, factor = 3, totalSteps = 10_000) =>
  planHalving({
    configurations: configurationsOf({ gamma: gammas(count), totalSteps: [totalSteps] }),
    seeds: [1, 2],
    factor,
  });

function resultOf(trial: Trial, finalReturn: number, steps = 1_000): TrialResult {
  const known = { solved: false, episodes: 9, seconds: 1, meanReturn100: 9, error: "" };
  return { ...trial, ...known, finalReturn, steps, weightsSha256: null };
}

describe("planHalving", () => {
  it.each([
    [27, 3, 4],
    [20, 3, 3],
    [3, 3, 2],
    [16, 2, 5],
  ])("plans rounds for %i configurations and a factor of %i", (count, factor, rounds) => {
    expect(planOf(count, factor, 200_000).rounds).toBe(rounds);
  });

  it("multiplies the steps by the factor from round to round, up to totalSteps", () => {
    const halving = planOf(9);
    const rounds = [1, 2, 3].map((number) => {
      const trials = roundTrials(halving, halving.configurations.slice(0, 1), number);
      expect(trials.map(({ seed }) => seed)).toEqual([1, 2]);
      return trials[0]!.round;
    });
    expect(rounds).toEqual([
      { number: 1, steps: 1_112 },
      { number: 2, steps: 3_334 },
      { number: 3, steps: 10_000 },
    ]);
  });

  it("rejects too few configurations and too few steps", () => {
    expect(() => planOf(2)).toThrow(
      "--halving 3 needs at least 3 configurations, got 2: use more --trials.",
    );
    expect(() => planOf(9, 3, 1_800)).toThrow(
      "--halving 3 needs more steps: solve gamma=0.01 totalSteps=1800 has 200 of 1,800 in the first of 3 rounds, but learning starts after 200.",
    );
    expect(planOf(9, 3, 1_809).rounds).toBe(3);
    const configurations = configurationsOf({
      gamma: gammas(3),
      totalSteps: [null],
      totalEpisodes: [9],
    });
    expect(() => planHalving({ configurations, seeds: [1], factor: 3 })).toThrow(
      "--halving needs totalSteps, which solve gamma=0.01 totalSteps=none totalEpisodes=9 does not have: use --set totalSteps=NUMBER.",
    );
  });
});

describe("a round", () => {
  const halving = planOf(4);
  const trials = roundTrials(halving, halving.configurations, 1);
  const gammaOf = (group: readonly TrialResult[]) => group[0]!.changes.gamma;

  it("ranks by the mean return of all seeds, then by fewer steps, failed trials last", () => {
    const results = [
      ...[failedTrial(trials[0]!, "diverged"), resultOf(trials[1]!, 500)],
      ...[resultOf(trials[2]!, 100), resultOf(trials[3]!, 200)],
      ...[resultOf(trials[4]!, 0), resultOf(trials[5]!, 300, 900)],
      ...[resultOf(trials[6]!, 160), resultOf(trials[7]!, 160)],
    ];
    const ranked = rankConfigurations(results);
    expect(ranked.map(gammaOf)).toEqual([0.04, 0.03, 0.02, 0.01]);
    expect(survivors(halving, ranked).map(gammaOf)).toEqual([0.04]);
    expect(bestTrial(ranked[1]!)).toMatchObject({ seed: 2, finalReturn: 300 });
  });

  it("ranks if every trial failed, and keeps one configuration", () => {
    const ranked = rankConfigurations(trials.map((trial) => failedTrial(trial, "x")));
    expect(survivors(halving, ranked)).toHaveLength(1);
  });

  it("is a column of the report", () => {
    const [header, , row] = summaryTable(summarizeSweep([resultOf(trials[0]!, 9)]));
    expect(header).toMatch(/^\| round \| configuration \|/);
    expect(row).toMatch(/^\| 1 \| solve gamma=0\.01 /);
  });
});

describe("the random sampler", () => {
  const values = { learningRate: { from: 1e-4, to: 1e-2 }, hiddenSizes: [[32], [64, 64]] };
  const draw = (samples: number, more: Readonly<Record<string, Values>> = {}) =>
    configurationsOf({ ...values, ...more }, samples).map(({ changes }) => changes);

  it("draws from a range with positive ends log-uniformly", () => {
    const rates = draw(1_000).map(({ learningRate }) => learningRate!);
    expect(rates.every((rate) => rate >= 1e-4 && rate <= 1e-2)).toBe(true);
    const below = rates.filter((rate) => rate < 1e-3).length;
    expect(Math.abs(below - 500)).toBeLessThan(60);
  });

  it("draws from a range that begins at 0 uniformly", () => {
    const noises = draw(1_000, { observationNoise: { from: 0, to: 1 } }).map(
      ({ observationNoise }) => observationNoise!,
    );
    expect(Math.abs(noises.filter((noise) => noise < 0.5).length - 500)).toBeLessThan(60);
  });

  it("draws whole numbers, values of lists and each combination once", () => {
    const few = { batchSize: { from: 16, to: 18 }, hiddenSizes: [[32], [64, 64]] };
    const drawn = configurationsOf(few, 100).map(({ changes }) => JSON.stringify(changes));
    expect(new Set(drawn).size).toBe(6);
    expect(drawn).toHaveLength(6);
  });

  it("draws the same trials each time, and the first ones of a larger number", () => {
    expect(draw(5)).toEqual(draw(5));
    expect(draw(9).slice(0, 5)).toEqual(draw(5));
  });

  it("rejects a range that is out of bounds or without the random sampler", () => {
    expect(() => draw(2, { gamma: { from: 0.9, to: 1.2 } })).toThrow(
      "gamma in --set must be at most 1, got 1.2.",
    );
    expect(() => configurationsOf(values)).toThrow(
      "The range of --set learningRate needs --sampler random.",
    );
  });
});

import { describe, expect, it } from "vitest";
import { defaults } from "../../src/config/config.ts";
import { epsilonAt } from "../../src/dqn/exploration.ts";

describe("epsilon", () => {
  it("decays linearly between explorationStart and its end", () => {
    const options = {
      ...defaults,
      explorationFinalEps: 0.1,
      explorationStart: 1000,
      explorationSteps: 18_000,
    };
    const epsilon = (step: number) => epsilonAt(step, options);
    expect(epsilon(0)).toBe(1);
    expect(epsilon(1000)).toBe(1);
    expect(epsilon(1001)).toBeCloseTo(1 - 5e-5, 12);
    expect(epsilon(10_000)).toBeCloseTo(0.55, 12);
    expect(epsilon(19_000)).toBe(0.1);
    expect(epsilon(1e9)).toBe(0.1);
  });

  it("jumps to the final value with explorationSteps 0", () => {
    const options = { ...defaults, explorationFinalEps: 0.2, explorationSteps: 0 };
    expect([0, 1].map((step) => epsilonAt(step, options))).toEqual([1, 0.2]);
  });

  it("decays exponentially: 0.05 + 0.85 e^(-t/200)", () => {
    const options = {
      ...defaults,
      explorationSchedule: "exponential" as const,
      explorationInitialEps: 0.9,
      explorationFinalEps: 0.05,
      explorationSteps: 200,
    };
    for (const t of [0, 1, 200, 1000, 100_000]) {
      expect(epsilonAt(t, options)).toBeCloseTo(0.05 + 0.85 * Math.exp(-t / 200), 12);
    }
  });

  it("decays by a factor per step: max(0.01, 0.9 x 0.996^t)", () => {
    const options = {
      ...defaults,
      explorationSchedule: "multiplicative" as const,
      explorationInitialEps: 0.9,
      explorationFinalEps: 0.01,
      explorationFactor: 0.996,
    };
    for (const t of [0, 1, 2, 100, 1122, 1123, 1e7]) {
      expect(epsilonAt(t, options)).toBeCloseTo(Math.max(0.01, 0.9 * 0.996 ** t), 12);
    }
  });
});

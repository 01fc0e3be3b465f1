import { describe, expect, it } from "vitest";
import { type Config, defaults } from "../../src/config/config.ts";
import type { LiveChanges } from "../../src/config/liveChanges.ts";
import { Training } from "../../src/dqn/training.ts";
import { RunError, UsageError } from "../../src/errors.ts";
import { encodeCheckpoint, readCheckpoint, resumeTraining } from "../../src/formats/checkpoint.ts";
import { encodePolicy, openPolicy } from "../../src/formats/policy.ts";
import { decodeTensors, encodeSafetensors } from "../../src/formats/safetensors.ts";
import { expectSameRun } from "../fuzz/sameRun.ts";
import { nim } from "./nim.ts";

const base: Config = {
  ...{ ...defaults, hiddenSizes: [4], batchSize: 4, bufferSize: 200, learningStarts: 4 },
  ...{ totalSteps: 400, targetUpdateInterval: 50, explorationSteps: 300, nSteps: 3 },
};

function trained(steps: number, changes: Partial<Config> = {}): Training {
  const training = new Training({ ...base, ...changes });
  training.advance(steps);
  return training;
}

/** Discounts of the stored transitions that are not terminal, in the order of their rows. */
function discounts(training: Training): number[] {
  const { discount, size } = training.plan.transition;
  const rows = [...training.agent.replay.transitions()].flatMap((block) => [...block]);
  return rows.filter((value, k) => k % size === discount && value !== 0);
}

describe("a change while it trains", () => {
  it.each<LiveChanges>([
    { learningRate: 0.05 },
    { learningRateFinal: 0.5 },
    { gamma: 0.5 },
    { explorationInitialEps: 0 },
    { explorationFinalEps: 0.9 },
    { targetUpdateInterval: 3 },
  ])("of %o acts, is in the configuration, and resumes exactly", (changes) => {
    const [key = ""] = Object.keys(changes);
    const changed = trained(150);
    changed.change(changes);
    expect(changed.config).toEqual({ ...base, ...changes });
    expect(Object.isFrozen(changed.config)).toBe(true);
    changed.advance(50);
    const read = readCheckpoint(encodeCheckpoint(changed));
    expect(read.config).toEqual(changed.config);
    expect(read.changed).toEqual([key]);
    const resumed = resumeTraining(read);
    for (const training of [changed, resumed]) training.advance(Infinity);
    expect(() => expectSameRun(trained(400), changed)).toThrow();
    expectSameRun(resumed, changed);
    expect([...resumed.changed]).toEqual([key]);
    expect(openPolicy(encodePolicy(resumed)).description.changed).toEqual([key]);
  });

  it("of epsilon's two ends keeps epsilon at one value", () => {
    for (const explorationSchedule of ["linear", "exponential", "multiplicative"] as const) {
      const training = trained(100, { explorationSchedule });
      training.change({ explorationInitialEps: 0.25, explorationFinalEps: 0.25 });
      expect(training.epsilon()).toBe(0.25);
      training.advance(100);
      expect(training.epsilon()).toBe(0.25);
    }
  });

  it("of gamma applies to the transitions that are stored from then on", () => {
    for (const nSteps of [1, 3]) {
      const training = trained(100, { nSteps, gamma: 0.5 });
      const before = discounts(training);
      training.change({ gamma: 0.25 });
      training.advance(50);
      const after = discounts(training);
      expect(after.slice(0, before.length)).toEqual(before);
      const powers = [1, 2, 3].map((n) => 0.25 ** n);
      for (const discount of after.slice(before.length)) expect(powers).toContain(discount);
      expect(after).toContain(0.25 ** nSteps);
    }
  });

  it("of gamma keeps its minus sign in a game of two players", () => {
    const training = new Training({ ...base, nSteps: 1 }, {}, nim);
    training.advance(20);
    training.change({ gamma: 0.25 });
    training.advance(30);
    expect(new Set(discounts(training))).toEqual(new Set([Math.fround(-0.99), -0.25]));
  });

  it("before the first step, or to the same value, is no change of the run", () => {
    const early = new Training(base);
    early.change({ gamma: 0.5, learningRate: 0.05 });
    early.advance(100);
    early.change({ gamma: 0.5 });
    early.advance(Infinity);
    expect([...early.changed]).toEqual([]);
    expectSameRun(early, trained(400, { gamma: 0.5, learningRate: 0.05 }));
  });

  it("is rejected for other hyperparameters and invalid values, and leaves the run as it was", () => {
    const training = trained(100);
    const changing = (changes: object) => () => training.change(changes);
    expect(changing({ gamma: 0.5, batchSize: 8 })).toThrow(
      new UsageError(
        "batchSize cannot change in a training that has begun, only learningRate, learningRateFinal, gamma, explorationInitialEps, explorationFinalEps, targetUpdateInterval can.",
      ),
    );
    expect(changing({ gamma: 1.5 })).toThrow("gamma must be at most 1, got 1.5.");
    expect(changing({ learningRate: undefined })).toThrow("learningRate must be a number");
    training.advance(Infinity);
    expectSameRun(training, trained(400));
    expect(readCheckpoint(encodeCheckpoint(training)).changed).toEqual([]);
  });

  it("is validated in a checkpoint", () => {
    const { metadata, tensors } = decodeTensors(encodeCheckpoint(trained(5)), "file");
    const bytes = encodeSafetensors({ metadata: { ...metadata, changed: "gamma,seed" }, tensors });
    const message = /^In file: seed cannot change in a training that has begun, only/;
    expect(() => readCheckpoint(bytes, "file")).toThrow(RunError);
    expect(() => readCheckpoint(bytes, "file")).toThrow(message);
  });
});

import { describe, expect, it } from "vitest";
import { defaults } from "../../src/config/config.ts";
import { planTraining } from "../../src/dqn/memoryPlan.ts";
import { NStepReturns } from "../../src/dqn/nStep.ts";
import { ReplayBuffer } from "../../src/dqn/replay.ts";
import { createCore } from "../../src/kernels/core.ts";
import { RandomStream } from "../../src/numerics/random.ts";

/**
 * Plays steps whose observation and action are the step number and whose reward is 10^number.
 * Returns the stored transitions as [observation, next observation, action, return, discount].
 */
function play(nSteps: number, ends: Record<number, "terminated" | "truncated">, length: number) {
  const shape = { ...defaults, observationSize: 1, actionCount: 9 };
  const plan = planTraining({ ...defaults, shape, bufferSize: 50, nSteps, environmentBytes: 0 });
  const { buffer } = createCore("js", plan.bytes);
  const replay = new ReplayBuffer(buffer, plan, new RandomStream(new Uint32Array(4)).seed(1));
  const nStep = new NStepReturns(buffer, plan, replay, nSteps);
  nStep.gamma = 0.5;
  for (let step = 0; step < length; step++) {
    const end = ends[step];
    nStep.add([step], step, 10 ** step, [step + 1], end === "terminated", end !== undefined);
  }
  const table = new Float32Array(buffer, plan.replay.table.offset, plan.replay.table.length);
  return Array.from({ length: replay.size }, (_, row) => {
    const [from, to, action, reward, discount] = table.subarray(row * plan.transition.stride);
    return [from, to, action, reward, discount];
  });
}

describe("n-step returns, gamma 0.5", () => {
  it("equal the rewards for 1 step", () => {
    expect(play(1, { 1: "terminated" }, 3)).toEqual([
      [0, 1, 0, 1, 0.5],
      [1, 2, 1, 10, 0],
      [2, 3, 2, 100, 0.5],
    ]);
  });

  it("are stored once n steps are complete", () => {
    expect(play(3, {}, 2)).toEqual([]);
    expect(play(3, {}, 4)).toEqual([
      [0, 3, 0, 1 + 5 + 25, 0.125],
      [1, 4, 1, 10 + 50 + 250, 0.125],
    ]);
  });

  it("are shortened before a terminal state, with discount 0", () => {
    expect(play(3, { 3: "terminated" }, 4)).toEqual([
      [0, 3, 0, 31, 0.125],
      [1, 4, 1, 310, 0],
      [2, 4, 2, 100 + 500, 0],
      [3, 4, 3, 1000, 0],
    ]);
  });

  it("are shortened before a truncated state, with a discount that bootstraps", () => {
    expect(play(3, { 1: "truncated" }, 2)).toEqual([
      [0, 2, 0, 1 + 5, 0.25],
      [1, 2, 1, 10, 0.5],
    ]);
  });

  it("do not cross episode boundaries", () => {
    expect(play(2, { 0: "terminated", 2: "truncated" }, 5)).toEqual([
      [0, 1, 0, 1, 0],
      [1, 3, 1, 10 + 50, 0.25],
      [2, 3, 2, 100, 0.5],
      [3, 5, 3, 1000 + 5000, 0.25],
    ]);
  });
});

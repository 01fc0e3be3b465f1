import { describe, expect, it, vi } from "vitest";
import { defaults } from "../../src/config/config.ts";
import { planTraining } from "../../src/dqn/memoryPlan.ts";
import { ReplayBuffer } from "../../src/dqn/replay.ts";
import { SumTree } from "../../src/dqn/sumTree.ts";
import { createCore } from "../../src/kernels/core.ts";
import { RandomStream } from "../../src/numerics/random.ts";

describe("SumTree", () => {
  it("forgets what was set when it is cleared", () => {
    const made = new SumTree(new Float64Array(8), new Float64Array(8));
    for (let leaf = 0; leaf < 4; leaf++) made.set(leaf, Float64Array.of(2), 0);
    made.clear();
    expect([made.total, made.minimum, made.get(3)]).toEqual([0, 0, 0]);
    made.set(0, Float64Array.of(5), 0);
    expect([made.total, made.minimum]).toEqual([5, 5]);
  });

  const tree = () => {
    const made = new SumTree(new Float64Array(16), new Float64Array(16));
    made.clear();
    return made;
  };

  it("returns the total and the minimum of the priorities", () => {
    const made = tree();
    const priorities = Float64Array.of(3, 1, 4, 1, 5, 9, 2);
    for (let leaf = 0; leaf < 5; leaf++) made.set(leaf, priorities, leaf);
    expect([made.total, made.minimum]).toEqual([14, 1]);
    made.set(1, priorities, 5);
    made.set(3, priorities, 6);
    expect([made.total, made.minimum, made.get(1)]).toEqual([23, 2, 9]);
  });

  it("finds the leaf for each prefix sum", () => {
    const made = tree();
    const priorities = Float64Array.of(3, 1, 4, 0, 5);
    for (let leaf = 0; leaf < 5; leaf++) made.set(leaf, priorities, leaf);
    const masses = Float64Array.of(...Array(13).keys(), 12.999999, 13, 0);
    const leaves = new Uint32Array(16).fill(99);
    made.find(masses, leaves, 15);
    const found = [...leaves.subarray(0, 13)];
    expect(found).toEqual([0, 0, 0, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4]);
    expect(leaves[13]).toBe(4);
    expect(leaves[14]).toBe(4);
    expect(leaves[15]).toBe(99);
  });
});

function makeReplay(bufferSize: number, batchSize: number, priorityAlpha: number) {
  const shape = { ...defaults, observationSize: 1, actionCount: 2 };
  const sizes = { ...defaults, shape, bufferSize, batchSize, prioritized: true };
  const plan = planTraining({ ...sizes, environmentBytes: 0 });
  const { buffer } = createCore("js", plan.bytes);
  const random = new RandomStream(new Uint32Array(4)).seed(5);
  const priorities = { priorityAlpha, priorityEpsilon: 0.5 };
  const replay = new ReplayBuffer(buffer, plan, random, priorities);
  const floats = (region: { offset: number; length: number }) =>
    new Float32Array(buffer, region.offset, region.length);
  return {
    replay,
    random,
    rows: new Uint32Array(buffer, plan.scratch.indices.offset, plan.scratch.indices.length),
    errors: floats(plan.scratch.errors),
    weights: floats(plan.scratch.weights),
  };
}

/** Stores one transition per TD error and updates their priorities, as after a batch of the indices 0, 1, ... */
function giveErrors(made: ReturnType<typeof makeReplay>, values: readonly number[]): void {
  values.forEach((value, row) => {
    made.replay.store([row], 0, 0, 1, [row]);
    made.rows[row] = row;
    made.errors[row] = value;
  });
  made.replay.updatePriorities(values.length);
}

describe("prioritised replay", () => {
  it("samples in proportion to (|TD error| + epsilon)^alpha (chi-square test)", () => {
    const made = makeReplay(5, 5, 2);
    const errors = [0, -0.5, 1, 1.5, -3];
    giveErrors(made, errors);
    const priorities = errors.map((error) => (Math.abs(error) + 0.5) ** 2);
    const total = priorities.reduce((sum, priority) => sum + priority, 0);
    const counts = new Float64Array(5);
    const batches = 4000;
    for (let batch = 0; batch < batches; batch++) {
      made.replay.sample(5);
      for (const row of made.rows.subarray(0, 5)) counts[row]! += 1;
    }
    let chiSquare = 0;
    priorities.forEach((priority, row) => {
      const expected = (5 * batches * priority) / total;
      chiSquare += (counts[row]! - expected) ** 2 / expected;
    });
    // 18.5 is the 99.9% quantile at 4 degrees of freedom for independent samples; stratified ones vary less.
    expect(chiSquare).toBeLessThan(18.5);
  });

  it("takes one sample from each of batchSize equal segments of the total", () => {
    const made = makeReplay(4, 4, 1);
    giveErrors(made, [0.5, 0.5, 0.5, 0.5]);
    for (let batch = 0; batch < 50; batch++) {
      made.replay.sample(4);
      expect([...made.rows.subarray(0, 4)]).toEqual([0, 1, 2, 3]);
    }
  });

  it("computes importance weights (size x P)^-beta divided by the largest weight", () => {
    const made = makeReplay(3, 3, 1);
    giveErrors(made, [0.5, 1.5, 3.5]); // priorities 1, 2, 4
    for (const beta of [0, 0.5, 1]) {
      made.replay.beta = beta;
      made.replay.sample(3);
      [...made.rows.subarray(0, 3)].forEach((row, k) => {
        const expected = [1, 2, 4][row]! ** -beta;
        expect(made.weights[k]).toBeCloseTo(expected, 6);
      });
    }
  });

  it("stores a new transition with the greatest priority so far", () => {
    const made = makeReplay(3, 2, 1);
    giveErrors(made, [0, 9.5]); // priorities 0.5, 10
    made.replay.store([2], 0, 0, 1, [2]);
    expect(made.replay.greatestPriority[0]).toBe(10);
    let taken = 0;
    for (let batch = 0; batch < 1000; batch++) {
      made.replay.sample(2);
      taken += made.rows.subarray(0, 2).filter((row) => row === 2).length;
    }
    expect(taken / 2000).toBeCloseTo(10 / 20.5, 1);
  });

  it("remembers the greatest priority, not the last", () => {
    const made = makeReplay(3, 2, 1);
    giveErrors(made, [9.5, 0]);
    expect(made.replay.greatestPriority[0]).toBe(10);
  });

  it("draws one number for each row", () => {
    const made = makeReplay(8, 3, 1);
    giveErrors(made, [1, 2, 3, 4]);
    const next = vi.spyOn(made.random, "next");
    made.replay.sample(3);
    expect(next).toHaveBeenCalledTimes(3);
  });

  it("becomes the buffer whose transitions and priorities it is given", () => {
    const [made, other] = [makeReplay(6, 3, 1), makeReplay(6, 3, 1)];
    giveErrors(made, [1, 2, 3]);
    giveErrors(other, [7, 7, 7, 7, 7, 7]);
    const { replay } = other;
    const stored = (of: typeof replay) => [...of.transitions()].flatMap((rows) => [...rows]);
    replay.restore(Float32Array.from(stored(made.replay)), made.replay.priorities(), 3);
    expect([...replay.priorities()]).toEqual([1.5, 2.5, 3.5]);
    expect(stored(replay)).toEqual(stored(made.replay));
    expect([replay.size, replay.nextRow]).toEqual([3, 3]);
    for (let batch = 0; batch < 20; batch++) {
      replay.sample(3);
      expect(Math.max(...other.rows.subarray(0, 3))).toBeLessThan(3);
      expect([...other.weights.subarray(0, 3)].every((weight) => weight <= 1)).toBe(true);
    }
  });
});

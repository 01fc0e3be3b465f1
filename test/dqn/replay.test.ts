import { describe, expect, it } from "vitest";
import { defaults } from "../../src/config/config.ts";
import { planTraining } from "../../src/dqn/memoryPlan.ts";
import { ReplayBuffer } from "../../src/dqn/replay.ts";
import { createCore } from "../../src/kernels/core.ts";
import { RandomStream } from "../../src/numerics/random.ts";

function makeReplay(bufferSize: number, batchSize: number, observationSize = 3) {
  const shape = { ...defaults, observationSize, actionCount: 2 };
  const plan = planTraining({ ...defaults, shape, bufferSize, batchSize, environmentBytes: 0 });
  const core = createCore("js", plan.bytes);
  const random = new RandomStream(new Uint32Array(4)).seed(1);
  const replay = new ReplayBuffer(core.buffer, plan, random);
  const rows = new Uint32Array(core.buffer, plan.scratch.indices.offset, plan.batch);
  return { replay, rows, plan, core };
}

function storeNumbered(replay: ReplayBuffer, from: number, to: number): void {
  for (let k = from; k < to; k++) replay.store([k, k + 1, k + 2], k % 2, -k, 0.5, [k + 3, k, k]);
}

describe("ReplayBuffer", () => {
  it("samples without replacement", () => {
    const { replay, rows } = makeReplay(50, 20);
    storeNumbered(replay, 0, 20);
    replay.sample(20);
    expect([...rows.subarray(0, 20)].sort((a, b) => a - b)).toEqual([...Array(20).keys()]);
    storeNumbered(replay, 20, 50);
    for (let batch = 0; batch < 200; batch++) {
      replay.sample(20);
      expect(new Set(rows.subarray(0, 20)).size).toBe(20);
      expect(Math.max(...rows.subarray(0, 20))).toBeLessThan(50);
    }
  });

  it("samples uniformly (chi-square test)", () => {
    const { replay, rows } = makeReplay(40, 8);
    storeNumbered(replay, 0, 40);
    const counts = new Float64Array(40);
    for (let batch = 0; batch < 5000; batch++) {
      replay.sample(8);
      for (const row of rows.subarray(0, 8)) counts[row]! += 1;
    }
    const chiSquare = counts.reduce((sum, found) => sum + (found - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(39 + 4 * Math.sqrt(2 * 39));
  });

  it("overwrites the oldest transition first", () => {
    const { replay, core, plan } = makeReplay(5, 5);
    storeNumbered(replay, 0, 7);
    expect(replay.size).toBe(5);
    const table = new Float32Array(core.buffer, plan.replay.table.offset, plan.replay.table.length);
    const firsts = Array.from({ length: 5 }, (_, row) => table[row * plan.transition.stride]);
    expect(firsts).toEqual([5, 6, 2, 3, 4]);
  });

  it("gathers a batch with one row per feature, padded with transitions of action -1", () => {
    const { replay, rows, core, plan } = makeReplay(10, 5);
    storeNumbered(replay, 0, 10);
    replay.sample(5);
    const { batch, transition } = plan;
    const { size, stride } = transition;
    core.kernels.gatherRows(
      plan.scratch.transitions.offset,
      plan.replay.table.offset,
      plan.scratch.indices.offset,
      size,
      stride,
      batch,
    );
    const gathered = new Float32Array(core.buffer, plan.scratch.transitions.offset, size * batch);
    const column = (k: number) => Array.from({ length: size }, (_, c) => gathered[c * batch + k]);
    for (let k = 0; k < 5; k++) {
      const n = rows[k]!;
      expect(column(k)).toEqual([n, n + 1, n + 2, n + 3, n, n, n % 2, -n, 0.5]);
    }
    for (let k = 5; k < batch; k++) expect(column(k)).toEqual([0, 0, 0, 0, 0, 0, -1, 0, 0]);
  });
});

describe("copies of the stored transitions", () => {
  it("are blocks that hold each transition once", () => {
    const lengths = (stored: number) => {
      const { plan, replay } = makeReplay(70_000, 4);
      storeNumbered(replay, 0, stored);
      return [...replay.transitions()].map(({ length }) => length / plan.transition.size);
    };
    expect(lengths(0)).toEqual([]);
    expect(lengths(3)).toEqual([3]);
    expect(lengths(65_537)).toEqual([65_536, 1]);
  });

  it.each([
    [1, false],
    [Infinity, true],
    [Number.NaN, true],
  ])("with a reward of %d restore overflowed as %s", (reward, overflowed) => {
    const { replay } = makeReplay(4, 4);
    replay.store([1, 2, 3], 0, reward, 0.5, [4, 5, 6]);
    const { replay: restored } = makeReplay(4, 4);
    for (const block of replay.transitions()) restored.restore(block, new Float64Array(), 1);
    expect(restored.overflowed).toBe(overflowed);
  });
});

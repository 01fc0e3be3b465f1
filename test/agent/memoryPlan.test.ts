import { describe, expect, it } from "vitest";
import type { Region } from "../../src/agent/chain.ts";
import { planPolicy, planTraining, type TrainingSizes } from "../../src/agent/memoryPlan.ts";
import { defaults } from "../../src/training/config.ts";

const shape = { ...defaults, observationSize: 3, actionCount: 2, hiddenSizes: [7, 5] };
const small: TrainingSizes = {
  ...{ shape, bufferSize: 10, batchSize: 5, nSteps: 2, environmentBytes: 96 },
  ...{ updatePerTransition: false, prioritized: true },
};

const plan = (changes: Partial<TrainingSizes>) => planTraining({ ...small, ...changes });

/** All regions of a plan in the order of their offsets, with their length by name. */
function regions(value: object, path = ""): [string, Region][] {
  return Object.entries(value).flatMap(([key, part]: [string, unknown]) => {
    if (typeof part !== "object" || part === null || key === "shape") return [];
    if (key === "parameters") return [];
    if ("offset" in part) return [[path + key, part as Region] as [string, Region]];
    return regions(part, `${path}${key}.`);
  });
}

const lengths = (value: object) =>
  Object.fromEntries(regions(value).map(([name, { length }]) => [name, length]));

const bytesPerElement = (name: string) =>
  /environment/i.test(name) ? 1 : /^(pending|priority)/.test(name) ? 8 : 4;

describe("the plan of a training memory", () => {
  it("has the lengths its docstrings state", () => {
    expect(lengths(plan({ shape: { ...shape, batchNorm: true } }))).toEqual({
      ...{ explorationStream: 4, replayStream: 4, environment: 96 },
      // fc1 (21 in 24, 7 in 8), bn1 (8, 8), fc2 (35 in 36, 5 in 8), bn2 (8, 8), fc3 (10 in 12, 2 in 4); then the statistics
      ...{ online: 156, target: 156, firstMoment: 124, secondMoment: 124, gradient: 124 },
      // 11 rows of 9 numbers in 12
      ...{ replay: 132, pending: 10, prioritySums: 32, priorityMinima: 32, lastTaken: 10 },
      ...{ rows: 8, singleRow: 0, transitions: 72, targets: 8, errors: 8, weights: 8 },
      ...{ q: 16, nextQ: 16, choosingQ: 16, dQ: 16, scratch: 32 },
      ...{ "layers.0.output": 56, "layers.0.gradient": 56, "layers.0.beforeNorm": 56 },
      ...{ "layers.0.mean": 7, "layers.0.inverseStd": 7 },
      ...{ "layers.1.output": 40, "layers.1.gradient": 40, "layers.1.beforeNorm": 40 },
      ...{ "layers.1.mean": 5, "layers.1.inverseStd": 5 },
      ...{ "layers.2.output": 16, "layers.2.gradient": 16, "layers.2.beforeNorm": 0 },
      ...{ "layers.2.mean": 0, "layers.2.inverseStd": 0 },
      ...{ "acting.observation": 3, "acting.q": 2, "evaluationActing.observation": 3 },
      ...{ "acting.outputs.0": 7, "acting.outputs.1": 5, "acting.outputs.2": 2 },
      ...{ "evaluationActing.outputs.0": 7, "evaluationActing.outputs.1": 5 },
      ...{ "evaluationActing.outputs.2": 2, "evaluationActing.q": 2, evaluationEnvironment: 96 },
    });
  });

  it.each([
    ["training", plan({})],
    ["batch normalisation", plan({ shape: { ...shape, batchNorm: true } })],
    ["one by one", plan({ updatePerTransition: true, batchSize: 30 })],
    ["a policy", planPolicy(shape, 96)],
  ])("gives each region its own bytes, from a multiple of 16 on: %s", (_, whole) => {
    let end = 0;
    const ordered = regions(whole).sort(
      ([, a], [, b]) => a.offset - b.offset || a.length - b.length,
    );
    for (const [name, { length, offset }] of ordered) {
      expect(offset, name).toBe(end);
      end = Math.ceil((offset + length * bytesPerElement(name)) / 16) * 16;
    }
    expect(whole.bytes).toBe(end);
  });

  it.each([
    [{ batchSize: 8 }, { batch: 8, rows: 8, singleRow: 0 }],
    [{ batchSize: 9 }, { batch: 16, rows: 16, singleRow: 0 }],
    [{ batchSize: 256 }, { batch: 256, rows: 256, singleRow: 0 }],
    [{ batchSize: 512 }, { batch: 520, rows: 520, singleRow: 0 }],
    [
      { batchSize: 30, updatePerTransition: true },
      { batch: 8, rows: 32, singleRow: 8 },
    ],
    [
      { batchSize: 1, updatePerTransition: true },
      { batch: 8, rows: 8, singleRow: 8 },
    ],
  ])("%o has columns %o", (changes, expected) => {
    const { batch, rows, singleRow } = plan(changes);
    expect({ batch, rows: rows.length, singleRow: singleRow.length }).toEqual(expected);
  });

  it.each([
    [511, 256, 256],
    [512, 256, 264],
    [512, 128, 128],
  ])("widens a batch whose rows crowd each other out of the cache: width %i, %i", (...sizes) => {
    const [width, batchSize, batch] = sizes;
    const wide = { ...shape, hiddenSizes: [4, width] };
    const { scratch, ...whole } = plan({ shape: wide, batchSize });
    expect(whole.batch).toBe(batch);
    expect(scratch.length).toBe(4 * Math.max(width, batch));
  });

  it.each([
    [1, 4],
    [2, 4],
    [3, 8],
    [8, 16],
    [9, 32],
  ])("a tree over %i rows has %i nodes", (bufferSize, nodes) => {
    expect(plan({ bufferSize }).prioritySums.length).toBe(nodes);
    expect(plan({ bufferSize }).priorityMinima.length).toBe(nodes);
    expect(plan({ bufferSize, prioritized: false }).prioritySums.length).toBe(0);
  });

  it.each([
    [3, 9, 12],
    [1, 5, 8],
    [0.5, 4, 4],
  ])("observations of %d make transitions of %i numbers, %i apart", (size, length, stride) => {
    const { transitionSize, transitionStride } = plan({
      shape: { ...shape, observationSize: size },
    });
    expect([transitionSize, transitionStride]).toEqual([length, stride]);
  });
});

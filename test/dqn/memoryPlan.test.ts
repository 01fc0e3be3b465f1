import { describe, expect, it } from "vitest";
import { defaults } from "../../src/config/config.ts";
import { planTraining, type TrainingSizes } from "../../src/dqn/memoryPlan.ts";
import { arrayTypes, type Region } from "../../src/network/arena.ts";
import { planPolicy } from "../../src/network/policyPlan.ts";

const shape = { ...defaults, observationSize: 3, actionCount: 2, hiddenSizes: [7, 5] };
const small: TrainingSizes = {
  ...defaults,
  ...{ shape, bufferSize: 10, batchSize: 5, nSteps: 2, environmentBytes: 96 },
  ...{ updatePerTransition: false, prioritized: true },
};

const plan = (changes: Partial<TrainingSizes>) => planTraining({ ...small, ...changes });

/** All regions of a plan by name. A region with two names has the first: the gradient of a normalisation is also that of its inputs. */
function regions(value: object, path = "", found = new Map<Region, string>()): [string, Region][] {
  for (const [key, part] of Object.entries(value) as [string, unknown][]) {
    if (typeof part !== "object" || part === null) continue;
    if (key === "shape" || key === "parameters") continue;
    if (!("offset" in part && "type" in part)) regions(part, `${path}${key}.`, found);
    else if (!found.has(part as Region)) found.set(part as Region, path + key);
  }
  return [...found].map(([region, name]) => [name, region]);
}

const scratch = (named: Record<string, number>) =>
  Object.fromEntries(Object.entries(named).map(([name, length]) => [`scratch.${name}`, length]));

const lengths = (value: object) =>
  Object.fromEntries(regions(value).map(([name, { length }]) => [name, length]));

/** Outputs of fc1, bn1, fc2, bn2, fc3 for one observation. */
const actingLayers = (plan: string) =>
  Object.fromEntries([7, 7, 5, 5, 2].map((size, k) => [`${plan}.layers.${k}.output`, size]));

describe("the plan of a training memory", () => {
  it("has the lengths in the docstrings of its regions", () => {
    expect(lengths(plan({ shape: { ...shape, batchNorm: true } }))).toEqual({
      ...{ "state.explorationStream": 4, "state.replayStream": 4, environment: 96 },
      "state.observation": 3,
      // fc1 (21 in 24, 7 in 8), bn1 (8, 8), fc2 (35 in 36, 5 in 8), bn2 (8, 8), fc3 (10 in 12, 2 in 4); then the statistics
      ...{ "state.online": 156, "state.target": 156, "scratch.gradient": 124 },
      ...{ "state.firstMoment": 124, "state.secondMoment": 124, "state.pending": 10 },
      ...{ "state.pendingCounts": 2, "state.episodes": 4, "state.greedyActions": 0 },
      ...{ "state.opponents": 0, "state.opponentCopies": 0, "state.observationSums": 0 },
      ...{ "state.greedyValues": 0, "state.rolloutObservations": 0, "state.rolloutSteps": 0 },
      ...{ "state.rolloutOrder": 0, "state.rolloutCount": 0, "scratch.rolloutRows": 0 },
      ...{ "state.stateRows": 0, "state.stateCounts": 0, "replay.states": 0, "scratch.states": 0 },
      // 11 rows of 9 numbers in 12
      ...{ "replay.table": 132, "replay.prioritySums": 32, "replay.priorityMinima": 32 },
      ...scratch({ lastSampled: 10, indices: 8, singleIndex: 0, transitions: 72 }),
      ...scratch({ targets: 8, errors: 8, weights: 8, nextQ: 16, onlineNextQ: 16 }),
      ...scratch({ workspace: 112, loss: 1 }),
      // Instructions of 96 bytes: 21 calls and the end for an update, 5 and the end for acting.
      program: 2112,
      ...scratch({
        "acting.forwards.0.program": 576,
        "evaluationActing.forwards.0.program": 576,
      }),
      // fc1, bn1, fc2, bn2, fc3
      ...{ "layers.0.output": 56, "layers.0.gradient": 56, "layers.1.output": 56 },
      ...{ "layers.1.arrays.mean": 7, "layers.1.arrays.inverseStd": 7 },
      ...{ "layers.2.output": 40, "layers.2.gradient": 40, "layers.3.output": 40 },
      ...{ "layers.3.arrays.mean": 5, "layers.3.arrays.inverseStd": 5 },
      ...{ "layers.4.output": 16, "layers.4.gradient": 16 },
      ...scratch({ "acting.episodes": 0, "evaluationActing.observation": 3 }),
      ...actingLayers("scratch.acting"),
      ...actingLayers("scratch.evaluationActing"),
      ...scratch({
        "evaluationActing.episodes": 0,
        evaluationEnvironment: 96,
      }),
    });
  });

  it("has a rollout instead of replay buffer and target network in PQN", () => {
    const sizes = { bufferSize: 0, prioritized: false, numEnvs: 3, rolloutSize: 12, batchSize: 4 };
    const { actingAll } = plan(sizes).scratch;
    expect(actingAll?.forwards.map(({ width }) => width)).toEqual([8]);
    expect(lengths(plan(sizes))).toMatchObject({
      // 12 rows and the padding: 3 numbers in 4, and 4 numbers
      ...{ "state.rolloutObservations": 52, "state.rolloutSteps": 52, "state.rolloutOrder": 12 },
      ...{ "state.rolloutCount": 1, "state.greedyActions": 3, "state.greedyValues": 3 },
      ...{ "state.target": 0, "state.pending": 0, "replay.table": 8, "scratch.lastSampled": 0 },
      // 3 + 4 rows of 8 columns
      "scratch.transitions": 56,
    });
  });

  it("refers to states of bytes by two rows per transition", () => {
    const bytes = { ...small, numEnvs: 3, bufferSize: 300, hasByteObservations: true };
    expect(lengths(planTraining(bytes))).toMatchObject({
      ...{ "state.stateRows": 6, "state.stateCounts": 3, "state.pending": 3 * 2 * 3 },
      // 301 rows of two rows, action, reward and discount in 8
      "replay.table": 2_408,
      // 300 + 2 x 2 x (2 x 3 + 1) + 2 states and one of zeros, 3 bytes in 4
      "replay.states": 4 * 331,
      ...scratch({ transitions: 5 * 8, states: 6 * 8 }),
    });
  });

  it("has 72 columns to evaluate an environment in lockstep, and none to train in it", () => {
    const { acting, evaluationActing } = plan({ episodeBytes: 10 }).scratch;
    expect([acting.columns, acting.episodes.length, acting.q.length]).toEqual([1, 0, 2]);
    expect(evaluationActing.columns).toBe(72);
    expect(lengths(evaluationActing)).toEqual({
      ...{ observation: 3 * 72, "layers.0.output": 7 * 72, "layers.1.output": 5 * 72 },
      ...{ "layers.2.output": 2 * 72, episodes: 720 },
      // Three calls and the end, for 1 and for 8, 16, ... columns.
      ...Object.fromEntries(
        evaluationActing.forwards.map((_, k) => [`forwards.${k}.program`, 4 * 96]),
      ),
    });
    expect(evaluationActing.forwards.map(({ width }) => width)).toEqual([
      ...[1, 8, 16, 24, 32, 40, 48, 56, 64, 72],
    ]);
  });

  it.each([
    ["training", 64, plan({})],
    ["batch normalisation", 64, plan({ shape: { ...shape, batchNorm: true } })],
    ["one by one", 64, plan({ updatePerTransition: true, batchSize: 30 })],
    ["lockstep", 64, plan({ episodeBytes: 44 })],
    ["a policy", 16, planPolicy(shape, 96)],
  ])("puts regions one after the other: %s, each at a multiple of %i bytes", (_, step, whole) => {
    let end = 0;
    const ordered = regions(whole).sort(
      ([, a], [, b]) => a.offset - b.offset || a.length - b.length,
    );
    for (const [name, { length, offset, type }] of ordered) {
      expect(offset, name).toBe(end);
      end = Math.ceil((offset + length * arrayTypes[type].BYTES_PER_ELEMENT) / step) * step;
    }
    expect(whole.bytes).toBe(end);
  });

  it.each([
    [{ batchSize: 8 }, { batch: 8, indices: 8, singleIndex: 0 }],
    [{ batchSize: 9 }, { batch: 16, indices: 16, singleIndex: 0 }],
    [{ batchSize: 256 }, { batch: 256, indices: 256, singleIndex: 0 }],
    [{ batchSize: 512 }, { batch: 520, indices: 520, singleIndex: 0 }],
    [
      { batchSize: 30, updatePerTransition: true },
      { batch: 8, indices: 32, singleIndex: 8 },
    ],
    [
      { batchSize: 1, updatePerTransition: true },
      { batch: 8, indices: 8, singleIndex: 8 },
    ],
  ])("%o gives batch columns and indices %o", (changes, expected) => {
    const { batch, scratch } = plan(changes);
    const { indices, singleIndex } = scratch;
    expect({ batch, indices: indices.length, singleIndex: singleIndex.length }).toEqual(expected);
  });

  it.each([
    [511, 256, 256],
    [512, 256, 264],
    [512, 128, 128],
  ])("widens a batch whose rows alias in the cache: layer width %i, batch size %i", (...sizes) => {
    const [width, batchSize, batch] = sizes;
    const wide = { ...shape, hiddenSizes: [4, width] };
    const { scratch, ...whole } = plan({ shape: wide, batchSize });
    expect(whole.batch).toBe(batch);
    expect(scratch.workspace.length).toBe(4 * Math.max(4 * width, batch));
  });

  it.each([
    [1, 4],
    [2, 4],
    [3, 8],
    [8, 16],
    [9, 32],
  ])("makes a sum tree of %i rows with %i nodes", (bufferSize, nodes) => {
    expect(plan({ bufferSize }).replay.prioritySums.length).toBe(nodes);
    expect(plan({ bufferSize }).replay.priorityMinima.length).toBe(nodes);
    expect(plan({ bufferSize, prioritized: false }).replay.prioritySums.length).toBe(0);
  });

  it.each([
    [3, 9, 12],
    [1, 5, 8],
    [0.5, 4, 4],
  ])(
    "stores observations of size %d as transitions of %i numbers with stride %i",
    (size, length, stride) => {
      const { transition } = plan({ shape: { ...shape, observationSize: size } });
      expect([transition.size, transition.stride]).toEqual([length, stride]);
    },
  );
});

import { describe, expect, it } from "vitest";
import { type Config, defaults } from "../../src/config/config.ts";
import { Training } from "../../src/dqn/training.ts";
import { encodeCheckpoint, readCheckpoint, resumeTraining } from "../../src/formats/checkpoint.ts";
import { decodeTensors, encodeSafetensors } from "../../src/formats/safetensors.ts";
import type { Tensor } from "../../src/network/namedTensor.ts";
import { scriptedEnvironment } from "../dqn/scriptedEnvironment.ts";

const config: Config = {
  ...{ ...defaults, hiddenSizes: [4], batchSize: 4, bufferSize: 50, learningStarts: 4 },
  ...{ nSteps: 3, prioritized: true, totalSteps: 1_000 },
};

/** A checkpoint after `steps` steps. `change` resumes from it with changed counters and tensors. */
function saved(steps: number, changes: Partial<Config> = {}) {
  const training = new Training({ ...config, ...changes });
  training.advance(steps);
  const { metadata, tensors } = decodeTensors(encodeCheckpoint(training), "file");
  const counters = JSON.parse(metadata.counters ?? "") as Record<string, number>;
  const change = (
    newCounters: object,
    newValues: Record<string, (values: Tensor["values"]) => void> = {},
    more: Tensor[] = [],
  ) => {
    const kept = tensors.map((tensor) => {
      const values = tensor.values.slice();
      newValues[tensor.name]?.(values);
      return { ...tensor, values };
    });
    const text = JSON.stringify({ ...counters, ...newCounters });
    const all = [...kept, ...more].sort(
      (a, b) => b.values.BYTES_PER_ELEMENT - a.values.BYTES_PER_ELEMENT,
    );
    const bytes = encodeSafetensors({ metadata: { ...metadata, counters: text }, tensors: all });
    return () => resumeTraining(readCheckpoint(bytes, "file"));
  };
  return { change, counters, training };
}

const { change, counters, training } = saved(40);
const full = saved(80);
const width = training.plan.transition.size;
const put = (at: number, value: number) => (values: Tensor["values"]) => {
  values[at] = value;
};

it("resumes from a partly filled and from a full replay buffer", () => {
  expect(counters).toMatchObject({ replaySize: 38, replayNextRow: 38 });
  expect(full.counters).toMatchObject({ replaySize: 50 });
  expect(change({})().steps).toBe(40);
  expect(full.change({})().steps).toBe(80);
  expect(full.change({ replayNextRow: 0 })().agent.replay.nextRow).toBe(0);
});

it("names the tensors after the regions of the memory", () => {
  const { tensors } = decodeTensors(encodeCheckpoint(training), "file");
  const regions = ["explorationStream", "replayStream", "pending", "online", "target"];
  expect(tensors.map(({ name }) => name)).toEqual(
    expect.arrayContaining([...regions, "firstMoment", "secondMoment", "observation"]),
  );
});

describe("rejects a checkpoint with", () => {
  it.each<[string, () => Training, RegExp]>([
    [
      "more transitions than bufferSize",
      change({ replaySize: 51 }),
      /51 transitions in a buffer of 50\.$/,
    ],
    ["a row beyond the buffer", full.change({ replayNextRow: 50 }), /the next row is 50/],
    [
      "a next row that is not after the last transition",
      change({ replayNextRow: 37 }),
      /the next row is 37\.$/,
    ],
    [
      "too many pending steps",
      change({}, { pendingCounts: put(0, 3) }),
      /3 pending steps for an n-step return of 3/,
    ],
    [
      "a first pending step outside the ring",
      change({}, { pendingCounts: put(1, 3) }),
      /2 pending steps for an n-step return/,
    ],
    [
      "an exploration stream of zeros",
      change({}, { explorationStream: (values) => values.fill(0) }),
      /: explorationStream is all zeros\.$/,
    ],
    [
      "a replay stream of zeros",
      change({}, { replayStream: (values) => values.fill(0) }),
      /: replayStream is all zeros\.$/,
    ],
    [
      "an action that is too large",
      change({}, { transitions: put(8, 2) }),
      /has action 2, expected a whole number below 2\.$/,
    ],
    [
      "a negative action",
      change({}, { transitions: put(8, -1) }),
      /has action -1, expected a whole number below 2\.$/,
    ],
    [
      "a fractional action",
      change({}, { transitions: put(8, 0.5) }),
      /has action 0\.5, expected a whole number below 2\.$/,
    ],
    [
      "an action that is too large in the last row",
      change({}, { transitions: put(37 * width + 8, 7) }),
      /has action 7, expected a whole number below 2\.$/,
    ],
    [
      "a pending action that is too large",
      change({}, { pendingCounts: put(1, 2), pending: put(2 * 6 + 4, 3) }),
      /has action 3, expected a whole number below 2\.$/,
    ],
    [
      "a second pending action that is too large",
      change({}, { pendingCounts: put(1, 2), pending: put(0 * 6 + 4, 3) }),
      /has action 3, expected a whole number below 2\.$/,
    ],
    ["a priority of 0", change({}, { priorities: put(37, 0) }), /a priority is not greater than 0/],
    ["a negative priority", change({}, { priorities: put(0, -1) }), /a priority is not greater/],
    [
      "a maximum priority of 0",
      change({}, { greatestPriority: put(0, 0) }),
      /a priority is not greater than 0\.$/,
    ],
    [
      "an unknown tensor",
      change({}, {}, [{ name: "extra", shape: [1], values: new Uint8Array(1) }]),
      /extra is not an array of a run\.$/,
    ],
  ])("%s", (_name, resume, sentence) => {
    expect(resume).toThrow(/^file contradicts itself: /);
    expect(resume).toThrow(sentence);
  });
});

describe("rejects a checkpoint of PQN with", () => {
  // 17 of 24 steps of the second rollout
  const pqn = { algorithm: "pqn", nSteps: 1, prioritized: false, numEnvs: 4, numSteps: 6 } as const;
  const { change: changePqn } = saved(41, pqn);

  it.each<[string, () => Training, RegExp]>([
    ["another number of steps", changePqn({}, { rolloutCount: put(0, 16) }), /16 steps in the rol/],
    ["a row beyond the rollout", changePqn({}, { rolloutOrder: put(23, 24) }), /a row is outside/],
    ["an unknown action", changePqn({}, { rolloutSteps: put(4 * 23, 2) }), /it has action 2/],
    [
      "an action in the padding",
      changePqn({}, { rolloutSteps: put(96, 0) }),
      /padding .* action 0/,
    ],
    ["too many updates", changePqn({ midStep: true, updatesDue: 9 }), /9 updates are due/],
  ])("%s", (_name, resume, sentence) => {
    expect(resume).toThrow(/^file contradicts itself: /);
    expect(resume).toThrow(sentence);
  });

  it("nothing wrong, as the other way round", () => {
    expect(changePqn({})().steps).toBe(41);
    expect(changePqn({ midStep: true, updatesDue: 8 })().state.updatesDue).toBe(8);
  });
});

it("ignores the ring's rows outside the pending steps", () => {
  const resume = change({}, { pendingCounts: put(1, 0), pending: put(2 * 6 + 4, 99) });
  expect(resume().actor.nStep.pending).toBe(2);
});

it("accepts a random stream with some zero words", () => {
  expect(change({}, { replayStream: put(0, 0) })().steps).toBe(40);
});

it("rejects a checkpoint without the environment's state if the environment has getState", () => {
  const without = (keep: boolean, values?: Tensor["values"]) => {
    const { spec } = scriptedEnvironment([{ length: 7, end: "terminated" }]);
    const run = new Training(config, {}, keep ? undefined : spec);
    run.advance(10);
    const { metadata, tensors } = decodeTensors(encodeCheckpoint(run), "file");
    const others = tensors.filter(({ name }) => name !== "environment");
    const more =
      values === undefined ? [] : [{ name: "environment", shape: [values.length], values }];
    const bytes = encodeSafetensors({ metadata, tensors: [...more, ...others] });
    return () => resumeTraining(readCheckpoint(bytes, "file"), {}, {}, keep ? undefined : spec);
  };
  expect(without(true)).toThrow(/contradicts itself: it has no state of CartPole-v1\.$/);
  expect(without(true, new Float64Array(12))).toThrow(/has no state of CartPole-v1/);
  expect(without(false)().steps).toBe(10);
});

import { describe, expect, it } from "vitest";
import { type Config, defaults } from "../../src/config/config.ts";
import { Training } from "../../src/dqn/training.ts";
import type { EnvironmentSpec } from "../../src/environments/environmentSpec.ts";
import { RunError } from "../../src/errors.ts";
import { encodeCheckpoint, readCheckpoint, resumeTraining } from "../../src/formats/checkpoint.ts";
import { decodeTensors, encodeSafetensors } from "../../src/formats/safetensors.ts";
import type { Backend } from "../../src/kernels/kernels.ts";
import type { Tensor } from "../../src/network/namedTensor.ts";
import { RandomStream } from "../../src/numerics/random.ts";
import { scriptedEnvironment } from "../dqn/scriptedEnvironment.ts";
import { backends } from "../kernels/workbench.ts";

/** Fewer are enough for `npm run test:mutants`. */
const STEPS = Number(process.env.RESUME_STEPS ?? 30_000);

const base: Config = {
  ...defaults,
  totalSteps: STEPS,
  hiddenSizes: [12],
  batchSize: 8,
  bufferSize: 3_000,
  explorationSteps: 4_000,
  evalEvery: STEPS / 6,
  evalEpisodes: 2,
};

const variants: Record<string, Partial<Config>> = {
  plain: {},
  "prioritised, batch norm, Double, Dueling, 3-step": {
    ...{ prioritized: true, batchNorm: true, doubleQ: true, dueling: true, nSteps: 3 },
  },
  "frames stacked, noise, soft target, RMSprop": {
    ...{ frameStack: 3, observationNoise: 0.01, forceNoise: 2, optimizer: "rmsprop" },
    ...{ targetUpdateUnit: "update", targetUpdateInterval: 1, tau: 0.01, momentum: 0.5 },
  },
};

/** Trains to the end. At each of the steps, saves a checkpoint and resumes it on backend `next(k)`. */
function stopAndResume(config: Config, stops: readonly number[], next: (k: number) => Backend) {
  let training = new Training(config);
  for (const [k, step] of stops.entries()) {
    training.advance(step - training.steps);
    expect(training.steps).toBe(step);
    const file = readCheckpoint(encodeCheckpoint(training), "file");
    training = resumeTraining(file, { backend: next(k) });
  }
  while (!training.advance(1_000));
  return training;
}

/** The checkpoint of a run without its backend. */
function everything(training: Training): Uint8Array {
  const { metadata, tensors } = decodeTensors(encodeCheckpoint(training), "file");
  const { backend, ...config } = JSON.parse(metadata.config ?? "") as Config;
  expect(backend).toBeDefined();
  return encodeSafetensors({ metadata: { ...metadata, config: JSON.stringify(config) }, tensors });
}

describe.each(Object.entries(variants))("%s", (_name, changes) => {
  const config: Config = { ...base, ...changes };
  const random = new RandomStream(new Uint32Array(4)).seed(77);
  const stops = Array.from({ length: 20 }, () => 1 + random.nextBelow(STEPS - 1)).sort(
    (a, b) => a - b,
  );
  const training = new Training(config);
  const files = stops.map((stop) => {
    training.advance(stop - training.steps);
    return encodeCheckpoint(training);
  });
  while (!training.advance(1_000));
  const whole = everything(training);

  it("resumes at any of 20 steps to the same end", () => {
    for (const [k, bytes] of files.entries()) {
      const resumed = resumeTraining(readCheckpoint(bytes, "file"));
      expect(resumed.steps).toBe(stops[k]);
      while (!resumed.advance(1_000));
      expect(Buffer.compare(everything(resumed), whole), `stopped at ${stops[k]}`).toBe(0);
    }
  });

  it.each(backends)(
    "resumes 20 times in a row, from %s with a change of backend each time, to the same end",
    (first) => {
      const other = first === "wasm" ? "js" : "wasm";
      const often = stopAndResume({ ...config, backend: first }, stops, (k) =>
        k % 2 ? first : other,
      );
      expect(Buffer.compare(everything(often), whole)).toBe(0);
    },
  );
});

describe("a finished run", () => {
  const config: Config = { ...base, totalSteps: 2_000, evalEvery: null };
  const finished = new Training(config);
  finished.advance(5_000);
  const file = () => readCheckpoint(encodeCheckpoint(finished), "file");

  it("stays finished unless totalSteps is increased", () => {
    expect(resumeTraining(file()).finished).toBe(true);
    const more = resumeTraining(file(), { totalSteps: 3_000 });
    expect(more.finished).toBe(false);
    more.advance(5_000);
    const whole = new Training({ ...config, totalSteps: 3_000 });
    whole.advance(5_000);
    expect(Buffer.compare(everything(more), everything(whole))).toBe(0);
  });

  it("stays finished with more steps if it was solved", () => {
    const solved = new Training({ ...config, solvedBy: "runningScore", solvedThreshold: 0.1 });
    solved.advance(5_000);
    expect(solved.solved).toBe(true);
    const checkpoint = readCheckpoint(encodeCheckpoint(solved), "file");
    expect(resumeTraining(checkpoint, { totalSteps: 9_000 }).finished).toBe(true);
  });
});

it("begins a new episode for an environment without getState", () => {
  const { spec } = scriptedEnvironment([{ length: 7, end: "terminated" }]);
  const config: Config = { ...base, nSteps: 3 };
  const training = new Training(config, {}, spec);
  training.advance(17);
  expect(training.actor.length).toBe(3);
  const resumed = resumeTraining(readCheckpoint(encodeCheckpoint(training), "file"), {}, {}, spec);
  expect(resumed.state).toMatchObject({ steps: 17, episodes: 2 });
  expect([resumed.actor.length, resumed.actor.return]).toEqual([0, 0]);
  expect(resumed.actor.nStep.pending).toBe(0);
  resumed.advance(7);
  expect(resumed.state).toMatchObject({ steps: 24, episodes: 3 });
  expect(resumed.actor.length).toBe(0);
});

describe("rejects", () => {
  const training = new Training({ ...base, prioritized: true, nSteps: 2 });
  training.advance(500);
  const { metadata, tensors } = decodeTensors(encodeCheckpoint(training), "file");
  const counters = JSON.parse(metadata.counters ?? "") as Record<string, unknown>;
  const withCounters = (changes: object) => ({
    metadata: { ...metadata, counters: JSON.stringify({ ...counters, ...changes }) },
  });
  const replaced = (name: string, values?: Tensor["values"]) => ({
    tensors: tensors.flatMap((tensor) => {
      if (tensor.name !== name) return [tensor];
      return values ? [{ name, shape: [values.length], values }] : [];
    }),
  });
  const wide = JSON.stringify({ ...base, prioritized: true, nSteps: 2, hiddenSizes: [13] });

  it.each<[string, { metadata?: Record<string, string>; tensors?: Tensor[] }, RegExp]>([
    ["a policy", { metadata: { wasm_dqn_policy: "2" } }, /is not a checkpoint of wasm-dqn/],
    [
      "another version",
      { metadata: { ...metadata, wasm_dqn_checkpoint: "7" } },
      /has version 7, expected 2/,
    ],
    [
      "a configuration that is not an object",
      { metadata: { ...metadata, config: "{" } },
      /configuration must be an object/,
    ],
    [
      "a configuration out of range",
      { metadata: { ...metadata, config: '{"env":3}' } },
      /In file: env/,
    ],
    ["another network", { metadata: { ...metadata, config: wide } }, /needs an array online/],
    [
      "a missing counter",
      { metadata: { ...metadata, counters: "{}" } },
      /steps in file must be a number, got undefined/,
    ],
    [
      "a negative counter",
      withCounters({ updates: -1 }),
      /updates in file must be at least 0, got -1/,
    ],
    ["more transitions than fit", withCounters({ replaySize: 9_999 }), /contradicts itself: 9999/],
    [
      "a wrong insertion index",
      withCounters({ replayNextRow: 3 }),
      /contradicts itself: the next row is 3/,
    ],
    [
      "too many pending steps",
      replaced("pendingCounts", Uint32Array.of(2, 0)),
      /contradicts itself: 2 pending steps/,
    ],
    ["a missing tensor", replaced("secondMoment"), /needs an array secondMoment/],
    [
      "a truncated tensor",
      replaced("transitions", new Float32Array(9)),
      /needs an array transitions/,
    ],
    ["a tensor of another type", replaced("online", new Uint8Array(9)), /needs an array online/],
    [
      "a truncated environment state",
      replaced("environment", new Uint8Array(9)),
      /does not fit the environment/,
    ],
  ])("%s", (_name, changes, message) => {
    const bytes = encodeSafetensors({ metadata, tensors, ...changes });
    const resume = () => resumeTraining(readCheckpoint(bytes, "file"));
    expect(resume).toThrow(RunError);
    expect(resume).toThrow(message);
  });

  it("an environment with other sizes", () => {
    const spec: EnvironmentSpec = { ...scriptedEnvironment([]).spec, observationSize: 5 };
    const checkpoint = readCheckpoint(encodeSafetensors({ metadata, tensors }), "file");
    expect(() => resumeTraining(checkpoint, {}, {}, spec)).toThrow(
      /^file needs the environment \S+ \(\d+ inputs, .*, got \S+ \(5 inputs/,
    );
  });
});

it("adds little to the size of 100,000 transitions", () => {
  const training = new Training({
    ...base,
    bufferSize: 100_000,
    totalSteps: null,
    totalEpisodes: 1e9,
    learningStarts: 1e9,
    evalEvery: null,
  });
  training.advance(100_000);
  const bytes = encodeCheckpoint(training);
  expect(training.agent.replay.size).toBe(100_000);
  expect(bytes.length).toBeLessThan(1.1 * 100_000 * 11 * 4);
});

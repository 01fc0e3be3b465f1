import { describe, expect, it } from "vitest";
import { type Config, defaults } from "../../src/config/config.ts";
import type { ResumeChanges } from "../../src/config/resumeChanges.ts";
import { Training } from "../../src/dqn/training.ts";
import { RunError } from "../../src/errors.ts";
import { encodeCheckpoint, readCheckpoint, resumeTraining } from "../../src/formats/checkpoint.ts";
import { decodeTensors, encodeSafetensors } from "../../src/formats/safetensors.ts";
import { scriptedEnvironment } from "../dqn/scriptedEnvironment.ts";

const base: Config = {
  ...{ ...defaults, hiddenSizes: [4], batchSize: 4, bufferSize: 50, learningStarts: 4 },
  ...{ totalSteps: 20, evalEvery: 10, evalEpisodes: 1 },
};

function trained(steps: number, changes: Partial<Config> = {}): Training {
  const training = new Training({ ...base, ...changes });
  training.advance(steps);
  return training;
}

/** A checkpoint with changed metadata. An undefined value removes its key. */
function withMetadata(changes: Record<string, string | undefined>) {
  const { metadata, tensors } = decodeTensors(encodeCheckpoint(trained(5), "solve", 3), "file");
  const entries = Object.entries({ ...metadata, ...changes });
  const kept = entries.filter((entry): entry is [string, string] => entry[1] !== undefined);
  return encodeSafetensors({ metadata: Object.fromEntries(kept), tensors });
}

describe("a checkpoint", () => {
  it('holds the recipe\'s name and the seconds, by default "" and 0', () => {
    const training = trained(5);
    const own = readCheckpoint(encodeCheckpoint(training, "tanh-64", 12.5), "file");
    expect([own.recipe, own.seconds]).toEqual(["tanh-64", 12.5]);
    const bare = readCheckpoint(encodeCheckpoint(training), "file");
    expect([bare.recipe, bare.seconds]).toEqual(["", 0]);
  });

  it.each([
    ["-5", 0],
    ["soon", 0],
    ["7", 7],
  ])("reads %j as %d seconds", (seconds, expected) => {
    expect(readCheckpoint(withMetadata({ seconds }), "file").seconds).toBe(expected);
  });

  it("may lack the recipe's name, which is read as one line", () => {
    expect(readCheckpoint(withMetadata({ recipe: undefined }), "file").recipe).toBe("");
    expect(readCheckpoint(withMetadata({ recipe: "a\nb" }), "file").recipe).toBe("a b");
  });

  it.each([
    ["counters", "steps in file must be a number, got undefined."],
    ["config", "In file: The configuration must be an object, got undefined."],
  ])("without its %s is rejected", (key, message) => {
    for (const text of ["{", undefined]) {
      const read = () => readCheckpoint(withMetadata({ [key]: text }), "file");
      expect(read).toThrow(new RunError(message));
    }
  });

  it("has its widest numbers first, which aligns each tensor to its element size", () => {
    const { tensors } = decodeTensors(encodeCheckpoint(trained(5)), "file");
    const sizes = tensors.map(({ values }) => values.BYTES_PER_ELEMENT);
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(new Set(sizes)).toEqual(new Set([8, 4, 1]));
  });
});

describe("whether a resumed run is finished", () => {
  const bySteps = trained(20);
  const byEpisodes = trained(1_000, { totalSteps: null, totalEpisodes: 2 });
  const unfinished = trained(10);

  it.each<[string, Training, ResumeChanges, boolean]>([
    ["finished", bySteps, {}, true],
    ["finished, with a larger totalSteps", bySteps, { totalSteps: 21 }, false],
    ["finished, with the same totalSteps", bySteps, { totalSteps: 20 }, true],
    ["finished, with a smaller totalSteps", bySteps, { totalSteps: 3 }, true],
    [
      "finished, with totalEpisodes instead",
      bySteps,
      { totalSteps: null, totalEpisodes: 99 },
      false,
    ],
    ["finished by episodes", byEpisodes, {}, true],
    ["finished by episodes, with a larger totalEpisodes", byEpisodes, { totalEpisodes: 3 }, false],
    ["finished by episodes, with the same totalEpisodes", byEpisodes, { totalEpisodes: 2 }, true],
    ["unfinished", unfinished, {}, false],
    ["unfinished, with totalSteps equal to its steps", unfinished, { totalSteps: 10 }, true],
    ["unfinished, with totalSteps one more than its steps", unfinished, { totalSteps: 11 }, false],
  ])("%s", (_name, training, changes, finished) => {
    const checkpoint = readCheckpoint(encodeCheckpoint(training), "file");
    expect(resumeTraining(checkpoint, changes).finished).toBe(finished);
  });
});

it.each<Partial<Config>>([
  {},
  { prioritized: true, batchNorm: true, doubleQ: true, dueling: true, nSteps: 3 },
  { optimizer: "rmsprop", frameStack: 2, observationNoise: 0.1, backend: "js" },
  { solvedBy: "meanReturn", solvedThreshold: 499, updatePerTransition: true },
])("a run resumed after each of 30 steps ends with the same checkpoint: %j", (changes) => {
  const config: Config = { ...base, totalSteps: 30, ...changes };
  const whole = new Training(config);
  whole.advance(30);
  let training = new Training(config);
  for (let step = 1; step <= 30; step++) {
    training.advance(1);
    training = resumeTraining(readCheckpoint(encodeCheckpoint(training), "file"));
    expect(training.steps).toBe(step);
  }
  expect(training.state.episodes).toBeGreaterThan(0);
  expect(encodeCheckpoint(training)).toEqual(encodeCheckpoint(whole));
});

it("a resumed run starts a new episode if the environment has no getState", () => {
  const { spec } = scriptedEnvironment([{ length: 7, end: "terminated" }]);
  const training = new Training({ ...base, nSteps: 3 }, {}, spec);
  training.advance(10);
  const checkpoint = readCheckpoint(encodeCheckpoint(training), "file");
  const resumed = resumeTraining(checkpoint, {}, {}, spec);
  expect(resumed.state).toMatchObject({ steps: 10, episodes: 1 });
  expect(resumed.actor.length).toBe(0);
  expect(() => resumeTraining(checkpoint, {}, {}, { ...spec, observationSize: 3 })).toThrow(
    RunError,
  );
});

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

/** A checkpoint with other metadata than its own; without a key that is undefined. */
function withMetadata(changes: Record<string, string | undefined>) {
  const { metadata, tensors } = decodeTensors(encodeCheckpoint(trained(5), "solve", 3), "file");
  const entries = Object.entries({ ...metadata, ...changes });
  const kept = entries.filter((entry): entry is [string, string] => entry[1] !== undefined);
  return encodeSafetensors({ metadata: Object.fromEntries(kept), tensors });
}

describe("a checkpoint", () => {
  it("holds the recipe's name and the seconds, none unless they are given", () => {
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
  ])("takes %j for %d seconds", (seconds, expected) => {
    expect(readCheckpoint(withMetadata({ seconds }), "file").seconds).toBe(expected);
  });

  it("may lack the recipe's name, and shows one in a line", () => {
    expect(readCheckpoint(withMetadata({ recipe: undefined }), "file").recipe).toBe("");
    expect(readCheckpoint(withMetadata({ recipe: "a\nb" }), "file").recipe).toBe("a b");
  });

  it.each([
    ["counters", "steps in file must be a number, got undefined."],
    ["config", "In file: The configuration must be an object, got undefined."],
  ])("without its %s is refused", (key, message) => {
    for (const text of ["{", undefined]) {
      const read = () => readCheckpoint(withMetadata({ [key]: text }), "file");
      expect(read).toThrow(new RunError(message));
    }
  });

  it("has its widest numbers first, so that each lies at a multiple of its size", () => {
    const { tensors } = decodeTensors(encodeCheckpoint(trained(5)), "file");
    const sizes = tensors.map(({ values }) => values.BYTES_PER_ELEMENT);
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(new Set(sizes)).toEqual(new Set([8, 4, 1]));
  });
});

describe("whether a resumed run is finished", () => {
  const bySteps = trained(20);
  const byEpisodes = trained(1_000, { totalSteps: null, totalEpisodes: 2 });
  const under = trained(10);

  it.each<[string, Training, ResumeChanges, boolean]>([
    ["done", bySteps, {}, true],
    ["done, asked for more steps", bySteps, { totalSteps: 21 }, false],
    ["done, asked for as many", bySteps, { totalSteps: 20 }, true],
    ["done, asked for fewer", bySteps, { totalSteps: 3 }, true],
    [
      "done, asked for a number of episodes",
      bySteps,
      { totalSteps: null, totalEpisodes: 99 },
      false,
    ],
    ["done by episodes", byEpisodes, {}, true],
    ["done by episodes, asked for more", byEpisodes, { totalEpisodes: 3 }, false],
    ["done by episodes, asked for as many", byEpisodes, { totalEpisodes: 2 }, true],
    ["under way", under, {}, false],
    ["under way, asked for as many steps as it has", under, { totalSteps: 10 }, true],
    ["under way, asked for one more", under, { totalSteps: 11 }, false],
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
])("a run that stopped at each of 30 steps ends as one that never did: %j", (changes) => {
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

it("a run in an environment that cannot say its state begins a new episode", () => {
  const { spec } = scriptedEnvironment([{ length: 7, end: "terminated" }]);
  const training = new Training({ ...base, nSteps: 3 }, {}, spec);
  training.advance(10);
  const checkpoint = readCheckpoint(encodeCheckpoint(training), "file");
  const resumed = resumeTraining(checkpoint, {}, {}, spec);
  expect(resumed.state).toMatchObject({ steps: 10, episodes: 1, episodeLength: 0 });
  expect(() => resumeTraining(checkpoint, {}, {}, { ...spec, observationSize: 3 })).toThrow(
    RunError,
  );
});

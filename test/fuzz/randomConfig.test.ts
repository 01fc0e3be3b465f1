import fc from "fast-check";
import { expect } from "vitest";
import { type Config, parseConfig } from "../../src/config/config.ts";
import type { TrainingObserver } from "../../src/dqn/observer.ts";
import { Training } from "../../src/dqn/training.ts";
import type { EnvironmentSpec } from "../../src/environments/environmentSpec.ts";
import { encodeCheckpoint, readCheckpoint, resumeTraining } from "../../src/formats/checkpoint.ts";
import { countingEnvironment } from "./countingEnvironment.ts";
import { property } from "./fuzz.ts";
import { randomConfigs } from "./randomConfig.ts";
import { expectSameRun } from "./sameRun.ts";

const customEnvironments = {
  "with getState": countingEnvironment(true),
  "without getState": countingEnvironment(false),
} as const;

/** Records the events of a run. */
function recorder(): { readonly observer: TrainingObserver; readonly events: unknown[] } {
  const events: unknown[] = [];
  const observer: TrainingObserver = {
    episode: (record) => events.push(record),
    evaluation: ({ returns }, steps, best) => events.push([...returns, steps, best]),
    longestEpisode: (length) => events.push(length),
  };
  return { observer, events };
}

const end = (training: Training) => {
  while (!training.advance(1_000));
  return training;
};

/** Trains to the end on one backend. Returns the run, its reports, and its checkpoint after `stop` steps. */
function whole(config: Config, stop: number, environment: EnvironmentSpec | undefined) {
  const { events, observer } = recorder();
  const training = new Training(config, observer, environment);
  training.advance(stop);
  const checkpoint = encodeCheckpoint(training);
  return { checkpoint, events, stoppedAt: events.length, training: end(training) };
}

/** Resumes a checkpoint on a backend and trains to the end. */
function resumed(
  checkpoint: Uint8Array,
  backend: Config["backend"],
  environment: EnvironmentSpec | undefined,
) {
  const { events, observer } = recorder();
  const read = readCheckpoint(checkpoint, "checkpoint");
  const training = resumeTraining(read, { backend }, observer, environment);
  return { events, training: end(training) };
}

function compareBackends(
  config: Config,
  stop: number,
  custom: keyof typeof customEnvironments | null,
) {
  const environment = custom === null ? undefined : customEnvironments[custom];
  const wasm = whole({ ...config, backend: "wasm" }, stop, environment);
  const js = whole({ ...config, backend: "js" }, stop, environment);
  expectSameRun(js.training, wasm.training);
  expect(js.events).toEqual(wasm.events);

  const onJs = resumed(wasm.checkpoint, "js", environment);
  if (custom === "without getState") {
    // Without getState the interrupted episode is lost, on both backends the same one.
    const onWasm = resumed(js.checkpoint, "wasm", environment);
    expectSameRun(onJs.training, onWasm.training);
    expect(onJs.events).toEqual(onWasm.events);
  } else {
    expectSameRun(onJs.training, wasm.training);
    expect(onJs.events).toEqual(wasm.events.slice(wasm.stoppedAt));
  }
}

property(
  "trains random configurations to the same run on wasm, on js and after a resume",
  150,
  fc.record({
    config: randomConfigs,
    custom: fc.constantFrom(
      null,
      null,
      null,
      "with getState" as const,
      "without getState" as const,
    ),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  ({ config, custom, share }) => {
    const own = custom === null ? {} : { env: "own.ts", forceNoise: 0, targetPosition: null };
    const stop = Math.round(share * (config.totalSteps ?? 0));
    try {
      compareBackends(parseConfig({ ...config, ...own }), stop, custom);
    } catch (error) {
      // Any error is a failure: all of these configurations are valid.
      throw new Error(error instanceof Error ? error.stack : String(error));
    }
  },
  "random configurations",
);

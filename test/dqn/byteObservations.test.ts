// Environments with observationType uint8: the replay buffer stores each state once, as bytes.
import { describe, expect, it } from "vitest";
import { type Config, defaults } from "../../src/config/config.ts";
import { recipeConfig } from "../../src/config/recipes.ts";
import { ByteReturns } from "../../src/dqn/byteReturns.ts";
import { planTraining } from "../../src/dqn/memoryPlan.ts";
import { ReplayBuffer } from "../../src/dqn/replay.ts";
import { planRun } from "../../src/dqn/runPlan.ts";
import { Training } from "../../src/dqn/training.ts";
import { customEnvironment } from "../../src/environments/customEnvironment.ts";
import type { EnvironmentSpec } from "../../src/environments/environmentSpec.ts";
import { encodeCheckpoint, readCheckpoint, resumeTraining } from "../../src/formats/checkpoint.ts";
import { decodeTensors, encodeSafetensors } from "../../src/formats/safetensors.ts";
import { Asterix } from "../../src/games/minatar/asterix.ts";
import { Breakout } from "../../src/games/minatar/breakout.ts";
import type { MinAtarGame } from "../../src/games/minatar/minAtarGame.ts";
import { Seaquest } from "../../src/games/minatar/seaquest.ts";
import { createCore } from "../../src/kernels/core.ts";
import { RandomStream } from "../../src/numerics/random.ts";

const base: Config = {
  ...defaults,
  hiddenSizes: [12],
  totalSteps: 1_200,
  learningStarts: 100,
  trainFrequency: 5,
  bufferSize: 400,
  batchSize: 20,
  explorationSteps: 1_000,
};

/** The game with another type of observations. */
function specOf(Game: new () => MinAtarGame, observationType: unknown): EnvironmentSpec {
  const make = () =>
    Object.defineProperty(new Game(), "observationType", { value: observationType });
  return customEnvironment(Game.name, make);
}

function run(changes: Partial<Config>, spec: EnvironmentSpec): Training {
  const training = new Training({ ...base, ...changes, env: "own" }, {}, spec);
  training.advance(1_200);
  return training;
}

const cases: [string, new () => MinAtarGame, Partial<Config>][] = [
  ["Seaquest", Seaquest, {}],
  ["Breakout, n-step returns", Breakout, { nSteps: 3, gamma: 0.9 }],
  [
    "Breakout, 5 copies, n-step returns, Double DQN",
    Breakout,
    { numEnvs: 5, nSteps: 4, doubleQ: true },
  ],
  [
    "Asterix, batch normalisation, one update per transition",
    Asterix,
    { updatePerTransition: true },
  ],
  [
    "Asterix, batch normalisation and input normalisation",
    Asterix,
    { batchNorm: true, normalizeObservations: true },
  ],
  ["Breakout, prioritised replay, frame stack", Breakout, { prioritized: true, frameStack: 2 }],
  ["Asterix, time limit", Asterix, { maxEpisodeSteps: 130, numEnvs: 2 }],
];

describe.each(cases)("%s", (_, Game, changes) => {
  const bytes = specOf(Game, "uint8");

  it("trains the same weights as with float32 observations", () => {
    const [asBytes, asFloats] = [run(changes, bytes), run(changes, specOf(Game, "float32"))];
    expect(asBytes.agent.updates).toBeGreaterThan(100);
    expect(asBytes.weights()).toEqual(asFloats.weights());
    expect(asBytes.agent.replay.priorities()).toEqual(asFloats.agent.replay.priorities());
    expect(asBytes.plan.replay.states.length).toBeLessThan(asFloats.plan.replay.table.length);
  });

  it("writes the same bits on both backends", () => {
    expect(run({ ...changes, backend: "js" }, bytes).weights()).toEqual(
      run(changes, bytes).weights(),
    );
  });

  it("resumes exactly", () => {
    const whole = run(changes, bytes);
    const part = new Training({ ...base, ...changes, env: "own" }, {}, bytes);
    for (const steps of [0, 1, 300, 402]) {
      part.advance(steps);
      const file = encodeCheckpoint(part);
      const resumed = resumeTraining(readCheckpoint(file), {}, {}, bytes);
      expect(Buffer.compare(encodeCheckpoint(resumed), file)).toBe(0);
      resumed.advance(1_200);
      expect(resumed.weights()).toEqual(whole.weights());
    }
  });
});

describe("states that are overwritten", () => {
  /**
   * Plays steps of several environments in turn, whose episodes have `length` steps and are truncated. Step s of environment e has the
   * observation [e, episode, s] and the reward s.
   */
  function play(options: {
    bufferSize: number;
    numEnvs: number;
    nSteps: number;
    length: number;
    prioritized: boolean;
  }) {
    const { length, nSteps, numEnvs, prioritized } = options;
    const shape = { ...defaults, observationSize: 3, actionCount: 200 };
    const sizes = { ...defaults, ...options, shape, batchSize: 8 };
    const plan = planTraining({ ...sizes, environmentBytes: 0, hasByteObservations: true });
    const core = createCore("wasm", plan.bytes);
    const random = new RandomStream(new Uint32Array(4)).seed(1);
    const priorities = prioritized ? defaults : null;
    const replay = new ReplayBuffer(core.buffer, plan, random, priorities);
    const returns = Array.from(
      { length: numEnvs },
      (_, k) => new ByteReturns(core.buffer, plan, replay, nSteps, k),
    );
    for (const one of returns) one.gamma = 1;
    const states = new Uint8Array(core.buffer, plan.replay.states.offset);
    const table = new Float32Array(core.buffer, plan.replay.table.offset);
    const rows = new Uint32Array(core.buffer, plan.scratch.indices.offset, 8);
    const weights = new Float32Array(core.buffer, plan.scratch.weights.offset, 8);
    const state = (row: number) => Array.from(states.subarray(4 * row, 4 * row + 3));
    let step = 0;
    const dropped: number[] = [];
    const sampled = new Set<number>();
    const advance = () => {
      const environment = step % numEnvs;
      const own = Math.floor(step / numEnvs);
      const [episode, at] = [Math.floor(own / length) % 256, own % length];
      const before = [environment, episode, at];
      const after = [environment, episode, at + 1];
      returns[environment]!.add(before, at, 1, after, false, at + 1 === length);
      step++;
      dropped.push(replay.size - replay.available);
    };
    /** Samples a batch and returns whether all of its transitions still have their states. */
    const isIntact = () => {
      replay.sample(8);
      for (const weight of weights) expect(weight > 0 && weight <= 1, `${weight}`).toBe(true);
      return Array.from(rows).every((row) => {
        sampled.add(row);
        const start = row * plan.transition.stride;
        const [from = 0, to = 0, action, reward] = table.subarray(start, start + 4);
        const [e, episode, at] = state(from);
        const next = [e, episode, at! + reward!];
        return at === action && String(state(to)) === String(next);
      });
    };
    return { advance, dropped, isIntact, replay, sampled };
  }

  it.each([
    { bufferSize: 40, numEnvs: 1, nSteps: 1, length: 1, prioritized: false },
    { bufferSize: 40, numEnvs: 1, nSteps: 1, length: 1, prioritized: true },
    { bufferSize: 70, numEnvs: 3, nSteps: 1, length: 2, prioritized: false },
    { bufferSize: 40, numEnvs: 1, nSteps: 3, length: 2, prioritized: false },
    { bufferSize: 300, numEnvs: 4, nSteps: 3, length: 4, prioritized: true },
    { bufferSize: 300, numEnvs: 4, nSteps: 5, length: 3, prioritized: false },
  ])("are never sampled: %o", (options) => {
    const { advance, dropped, isIntact, replay, sampled } = play(options);
    for (let k = 0; k < 2 * options.bufferSize; k++) advance();
    sampled.clear();
    for (let k = 0; k < 1_000; k++) {
      advance();
      expect(isIntact(), `step ${k}`).toBe(true);
    }
    expect(Math.max(...dropped)).toBeGreaterThan(0);
    expect(replay.available).toBeGreaterThan(8);
    // Every row is sampled at some time.
    expect(sampled.size).toBe(options.bufferSize);
  });

  it("do not occur as long as few episodes are truncated", () => {
    for (const [numEnvs, nSteps] of [
      [1, 1],
      [7, 3],
    ] as const) {
      const { advance, dropped } = play({
        bufferSize: 400,
        numEnvs,
        nSteps,
        length: 150,
        prioritized: false,
      });
      for (let k = 0; k < 3_000; k++) advance();
      expect(Math.max(...dropped)).toBe(0);
    }
  });
});

it("plans at most 110 MB for the recipe minatar-dqn in Seaquest", () => {
  const config = recipeConfig("minatar-dqn");
  expect(config.bufferSize).toBe(100_000);
  const { plan, shape } = planRun(config, Seaquest);
  expect([shape.observationSize, shape.convFilters]).toEqual([1_000, [16]]);
  expect(plan.bytes).toBeLessThan(110e6);
});

describe("rejects", () => {
  const own = (observation: ArrayLike<number>, observationType: unknown = "uint8") =>
    customEnvironment("own", () => ({
      observationSize: 2,
      actionCount: 2,
      observationType: observationType as "uint8",
      reset: () => [0, 255],
      step: () => ({ observation, reward: 0, terminated: false, truncated: false }),
    }));

  it.each([0.5, -1, 256, 2 ** 32])("the number %s", (value) => {
    const training = new Training({ ...base, env: "own" }, {}, own([0, value]));
    expect(() => training.advance(1)).toThrow(
      `The environment own, episode 1, step 1: expected observation[1] to be a whole number from 0 to 255 (uint8), got ${value}.`,
    );
  });

  it("an unknown type", () => {
    expect(() => own([0, 0], "int8")).toThrow(
      'The environment own must have float32 or uint8 as its observationType, got "int8".',
    );
  });

  it("more transitions than float32 can count", () => {
    expect(() => new Training({ ...base, bufferSize: 17_000_000 }, {}, own([0, 0]))).toThrow(
      "bufferSize must be at most 16,000,000 with uint8 observations, got 17000000.",
    );
  });

  describe("a checkpoint with", () => {
    const spec = specOf(Breakout, "uint8");
    const training = new Training({ ...base, env: "own", nSteps: 3 }, {}, spec);
    training.advance(1_000);
    const { metadata, tensors } = decodeTensors(encodeCheckpoint(training), "file");
    const { size } = training.plan.transition;
    const rows = training.plan.replay.states.length / 400 - 1;

    it.each<[string, string, number, number, RegExp]>([
      ["a state in no row", "transitions", 0, rows + 1, /has state \d+, expected at most \d+\.$/],
      ["a fractional next row", "transitions", 7 * size + 1, 0.5, /has state 0\.5, expected/],
      ["a negative row", "transitions", 9 * size, -1, /has state -1, expected/],
      ["an unknown current state", "stateRows", 0, 1e6, /has state 1000000, expected/],
      ["an unknown pending state", "pending", 0, -2, /has state -2, expected/],
      ["a next row beyond the ring", "stateCounts", 1, rows, /states, row \d+ is next/],
      ["too many dropped transitions", "stateCounts", 2, 401, /, 401 transitions are dropped\.$/],
    ])("%s", (_name, key, at, value, message) => {
      const changed = tensors.map((tensor) => {
        const values = tensor.values.slice();
        if (tensor.name === key) values[at] = value;
        return { ...tensor, values };
      });
      const bytes = encodeSafetensors({ metadata, tensors: changed });
      const resume = () => resumeTraining(readCheckpoint(bytes, "file"), {}, {}, spec);
      expect(resume).toThrow(/^file contradicts itself: /);
      expect(resume).toThrow(message);
    });

    it("too many or too few states", () => {
      for (const stored of [0, 1, rows + 1]) {
        const changed = tensors.map((tensor) => {
          const values = tensor.values.slice();
          if (tensor.name === "stateCounts") values[0] = stored;
          return { ...tensor, values };
        });
        const bytes = encodeSafetensors({ metadata, tensors: changed });
        const resume = () => resumeTraining(readCheckpoint(bytes, "file"), {}, {}, spec);
        expect(resume).toThrow(`file needs an array states of ${400 * stored} numbers (u8).`);
      }
    });
  });

  it("checkpoints of float32 observations", () => {
    const floats = run({}, specOf(Breakout, "float32"));
    const checkpoint = readCheckpoint(encodeCheckpoint(floats));
    expect(() => resumeTraining(checkpoint, {}, {}, specOf(Breakout, "uint8"))).toThrow(
      /^checkpoint needs an array /,
    );
  });
});

it("takes observations with noise as float32", () => {
  const noisy = run({ observationNoise: 0.1, totalSteps: 300 }, specOf(Breakout, "uint8"));
  expect(noisy.plan.replay.states.length).toBe(0);
});

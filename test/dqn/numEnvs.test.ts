import { describe, expect, it } from "vitest";
import { type Config, defaults } from "../../src/config/config.ts";
import { Training } from "../../src/dqn/training.ts";
import { customEnvironment } from "../../src/environments/customEnvironment.ts";
import type { EnvironmentSpec } from "../../src/environments/environmentSpec.ts";
import { encodeCheckpoint, readCheckpoint, resumeTraining } from "../../src/formats/checkpoint.ts";
import { maskedEnvironment } from "./maskedEnvironment.ts";
import { nim } from "./nim.ts";
import { scriptedEnvironment } from "./scriptedEnvironment.ts";

const base: Config = {
  ...defaults,
  hiddenSizes: [16],
  totalSteps: 2_000,
  learningStarts: 100,
  trainFrequency: 8,
  bufferSize: 1_000,
  explorationSteps: 500,
};

function run(changes: Partial<Config>, spec?: EnvironmentSpec): Training {
  const training = new Training({ ...base, ...changes }, {}, spec);
  training.advance(2_000);
  return training;
}

const masked = customEnvironment("masked", maskedEnvironment);
const twoPlayers = customEnvironment("nim", nim);

const cases: [string, Partial<Config>, EnvironmentSpec?][] = [
  ["CartPole, 5 copies", { numEnvs: 5 }],
  ["CartPole, 8 copies, n-step returns", { numEnvs: 8, nSteps: 3 }],
  [
    "CartPole, 3 copies, batch normalisation and dueling",
    {
      numEnvs: 3,
      batchNorm: true,
      dueling: true,
    },
  ],
  ["Acrobot, 17 copies, frame stack", { numEnvs: 17, env: "Acrobot-v1", frameStack: 2 }],
  ["an own environment with legal actions", { numEnvs: 9, nSteps: 2, env: "masked" }, masked],
  ["self-play", { numEnvs: 4, env: "nim", opponentInterval: 300 }, twoPlayers],
];

describe.each(cases)("%s", (_, changes, spec) => {
  it("writes the same bits on both backends", () => {
    expect(run({ ...changes, backend: "js" }, spec).weights()).toEqual(
      run(changes, spec).weights(),
    );
  });

  it("resumes exactly, also in the middle of a round", () => {
    const whole = run(changes, spec);
    const part = new Training({ ...base, ...changes }, {}, spec);
    for (const steps of [0, 1, 700, 501]) {
      part.advance(steps);
      const file = encodeCheckpoint(part);
      const resumed = resumeTraining(readCheckpoint(file), {}, {}, spec);
      expect(encodeCheckpoint(resumed)).toEqual(file);
      resumed.advance(2_000);
      expect(encodeCheckpoint(resumed)).toEqual(encodeCheckpoint(whole));
    }
  });
});

it("steps the copies in turn, each with its own episodes", () => {
  const lengths = [3, 5, 4];
  const made: ReturnType<typeof scriptedEnvironment>[] = [];
  const spec: EnvironmentSpec = {
    ...scriptedEnvironment([{ length: 1, end: "terminated" }]).spec,
    make(core, ptr) {
      // The fourth instance is for evaluations.
      const length = lengths[made.length] ?? 1;
      const scripted = scriptedEnvironment([{ length, end: "terminated" }]);
      made.push(scripted);
      return scripted.spec.make(core, ptr);
    },
  };
  const episodes: [number, number][] = [];
  const training = new Training(
    { ...base, numEnvs: 3, env: "Scripted-v0" },
    { episode: ({ length, steps }) => episodes.push([steps, length]) },
    spec,
  );
  training.advance(31);
  // Copy k takes the steps k + 1, k + 4, ...
  const expected = lengths.flatMap((length, k) =>
    Array.from({ length: 10 }, (_, n) => [k + 1 + 3 * ((n + 1) * length - 1), length]),
  );
  const due = expected.filter(([steps = 0]) => steps <= 31);
  expect(episodes).toEqual(due.toSorted(([a = 0], [b = 0]) => a - b));
  expect(made.slice(0, 3).map(({ actions }) => actions.length)).toEqual([11, 10, 10]);
});

it("acts greedily like one environment does on the same observation", () => {
  const changes = { numEnvs: 6, explorationFinalEps: 0, explorationSteps: 1 };
  const training = new Training({ ...base, ...changes });
  const { agent, actors } = training;
  // The next step begins a round.
  training.advance(600);
  const greedy = actors.map(({ observation }) => {
    agent.policy.observation.set(observation);
    return agent.policy.greedyAction();
  });
  const { greedyActions } = training.plan.state;
  training.advance(1);
  const chosen = new Uint32Array(training.core.buffer, greedyActions.offset, 6);
  expect([...chosen]).toEqual(greedy);
});

it("seeds each copy differently", () => {
  const { actors } = run({ numEnvs: 4, totalSteps: 1 });
  expect(new Set(actors.map(({ observation }) => observation.join()))).toHaveProperty("size", 4);
});

it("begins new episodes in all copies without getState, with legal greedy actions", () => {
  const without = customEnvironment("masked", () => {
    const { getState: _, setState: __, ...rest } = maskedEnvironment();
    return rest;
  });
  const part = new Training({ ...base, numEnvs: 7, env: "masked" }, {}, without);
  part.advance(703);
  const file = readCheckpoint(encodeCheckpoint(part));
  const resumed = resumeTraining(file, {}, {}, without);
  expect(resumed.actors.map(({ length }) => length)).toEqual(Array(7).fill(0));
  // The environment throws on an illegal action.
  expect(resumed.advance(2_000)).toBe(true);
});

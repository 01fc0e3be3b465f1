import { describe, expect, it } from "vitest";
import * as library from "../src/index.ts";

const { RunError, UsageError } = library;

const config = { ...library.recipeConfig("solve"), totalSteps: 3, evalEvery: null };
const solve = { ...config, solvedBy: "none" } as const;
const training = new library.Training(solve);
training.advance(3);
const checkpoint = library.encodeCheckpoint(training);
const policy = library.encodePolicy(training);
const opened = library.openPolicy(policy, "policy");
const trainer = await library.createTrainer({ ...solve, timelineInterval: 1 });
const agent = library.createAgent({ observationSize: 2, actionCount: 2 });
const custom = library.customEnvironment("Own-v0", () => new library.CartPole());

/** Values that most functions must reject. */
const wrong: readonly unknown[] = [
  ...[null, 0, -1, 1.5, Number.NaN, "text", "", true, [], [1], {}, { length: 1 }, () => 1],
  ...[new ArrayBuffer(8), new Uint8Array(40), new Float32Array(3), Promise.resolve(checkpoint)],
  ...[new Map(), { make: 1 }, { values: 3 }, [{ values: "x" }], { episodes: 2.5 }, 2n],
];

type Call = (...values: never[]) => unknown;

/** Every function of the library with valid arguments. */
const calls: Readonly<Record<string, readonly [Call, readonly unknown[]]>> = {
  Acrobot: [(...values) => new library.Acrobot(...values), []],
  CartPole: [(...values) => new library.CartPole(...values), []],
  MountainCar: [(...values) => new library.MountainCar(...values), []],
  RunError: [(message) => new RunError(message), ["text"]],
  UsageError: [(message) => new UsageError(message), ["text"]],
  Training: [
    (...values: never[]) => {
      const [chosen, observer, environment] = values;
      return new library.Training(chosen!, observer, environment).advance(3);
    },
    [solve, {}, custom],
  ],
  "Training.advance": [(steps) => training.advance(steps), [1]],
  "Training.learn": [(options) => training.learn(options), [{ milliseconds: 1 }]],
  "Training.change": [(changes) => training.change(changes), [{ gamma: 0.9 }]],
  "Training.finalEvaluation": [(episodes) => training.finalEvaluation(episodes), [1]],
  createAgent: [library.createAgent, [{ ...solve, observationSize: 4, actionCount: 2 }]],
  "Agent.act": [(...values) => agent.act(...(values as unknown as [never])), [[1, 2], {}]],
  "Agent.reward": [(reward) => agent.reward(reward), [1]],
  "Agent.end": [
    (options) => {
      agent.act([1, 2]);
      agent.end(options);
    },
    [{}],
  ],
  "Agent.learn": [(options) => agent.learn(options), [{ milliseconds: 1 }]],
  createTrainer: [
    library.createTrainer,
    [{ ...solve, snapshotInterval: 3, pointInterval: 1, timelineInterval: 2 }],
  ],
  "Trainer.run": [(options) => trainer.run(options), [{ episodes: 1 }]],
  "Trainer.on": [(event, listener) => trainer.on(event, listener), ["snapshot", () => {}]],
  "Trainer.change": [(changes) => trainer.change(changes), [{ gamma: 0.9 }]],
  "Trainer.setSpeed": [(speed) => trainer.setSpeed(speed), [1e6]],
  "Trainer.policyAt": [(steps) => trainer.policyAt(steps), [0]],
  "Trainer.activations": [(observation) => trainer.activations(observation), [[1, 2, 3, 4]]],
  "Trainer.qValues": [
    (...values) => trainer.qValues(...(values as unknown as [never])),
    [[1, 2, 3, 4], { layer: 0, index: 0 }],
  ],
  "Trainer.evaluate": [(episodes) => trainer.evaluate(episodes), [1]],
  customEnvironment: [library.customEnvironment, ["Own-v0", () => new library.CartPole()]],
  checkpointPieces: [
    (...values) => [...library.checkpointPieces(...(values as unknown as [never]))],
    [training, "", 0],
  ],
  encodeCheckpoint: [library.encodeCheckpoint, [training, "", 0]],
  encodePolicy: [library.encodePolicy, [training]],
  evaluate: [library.evaluate, [opened.network, opened.environment, { episodes: 1, seed: 1 }]],
  loadCore: [library.loadCore, []],
  makeEnvironment: [library.makeEnvironment, ["CartPole-v1", {}]],
  openPolicy: [library.openPolicy, [policy, "policy", {}]],
  parseConfig: [library.parseConfig, [solve]],
  readCheckpoint: [library.readCheckpoint, [checkpoint, "checkpoint"]],
  recipeConfig: [library.recipeConfig, ["solve"]],
  resumeTraining: [
    (...values: never[]) => {
      const [read, changes, observer, environment] = values;
      return library.resumeTraining(read!, changes, observer, environment).advance(1);
    },
    [library.readCheckpoint(checkpoint), {}, {}, undefined],
  ],
  serveTrainer: [library.serveTrainer, []],
  summarize: [library.summarize, [[1]]],
  supportsWasm: [library.supportsWasm, []],
  train: [library.train, [solve]],
  weightsSha256: [library.weightsSha256, [training.weights()]],
};

it("covers every function of the library", () => {
  const functions = Object.entries(library).filter(([, value]) => typeof value === "function");
  expect(functions.map(([name]) => name).filter((name) => !(name in calls))).toEqual([]);
});

describe.each(Object.entries(calls))("%s", (name, [call, good]) => {
  // serveTrainer needs a worker. test/kernels/core.test.ts tests loadCore, which has only an optional argument.
  it.skipIf(["serveTrainer", "loadCore"].includes(name))("accepts valid arguments", async () => {
    await call(...(good as never[]));
  });

  it("throws nothing but a UsageError or RunError of one sentence", async () => {
    for (let place = 0; place < Math.max(1, good.length); place++) {
      for (const value of wrong) {
        const values = good.map((argument, k) => (k === place ? value : argument));
        if (good.length === 0) values.push(value);
        try {
          await call(...(values as never[]));
        } catch (error) {
          const shown = `${name}, argument ${place}, ${String(Object.prototype.toString.call(value))}`;
          expect(
            error instanceof UsageError || error instanceof RunError,
            `${shown}: ${error}`,
          ).toBe(true);
          expect((error as Error).message, shown).toMatch(/^[^\n]{10,400}\.$/);
        }
      }
    }
  });
});

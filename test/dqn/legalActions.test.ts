import { describe, expect, it } from "vitest";
import { defaults } from "../../src/config/config.ts";
import { Dqn } from "../../src/dqn/dqn.ts";
import { evaluate } from "../../src/dqn/evaluate.ts";
import { planTraining } from "../../src/dqn/memoryPlan.ts";
import { Training } from "../../src/dqn/training.ts";
import { customEnvironment } from "../../src/environments/customEnvironment.ts";
import { drawAction } from "../../src/environments/legalActions.ts";
import { encodeCheckpoint, readCheckpoint, resumeTraining } from "../../src/formats/checkpoint.ts";
import { encodePolicy, openPolicy } from "../../src/formats/policy.ts";
import { createCore } from "../../src/kernels/core.ts";
import { RandomStream } from "../../src/numerics/random.ts";
import { maskedEnvironment } from "./maskedEnvironment.ts";

const spec = customEnvironment("masked", maskedEnvironment);

const quick = {
  ...defaults,
  env: "masked",
  hiddenSizes: [8],
  solvedBy: "none",
  learningStarts: 100,
  trainFrequency: 50,
  gradientSteps: 1,
  explorationSteps: 2_000,
  explorationFinalEps: 0.3,
  evalEvery: null,
} as const;

function trained(changes: object, steps: number): Training {
  const training = new Training({ ...quick, ...changes, totalSteps: steps }, {}, spec);
  training.advance(steps);
  return training;
}

/** The environment throws on an illegal action, so a run that ends made none. */
describe("plays no illegal action", () => {
  it("in 10^6 steps of exploring and greedy play", () => {
    expect(trained({ hiddenSizes: [4] }, 1_000_000).steps).toBe(1_000_000);
  });

  it.each([
    ["with n-step returns", { nSteps: 3 }],
    ["with an exploration action that may be illegal", { explorationAction: 3 }],
    [
      "with Double DQN, dueling and prioritised replay",
      {
        doubleQ: true,
        dueling: true,
        prioritized: true,
      },
    ],
    [
      "with frame stack, noise and a time limit",
      {
        frameStack: 2,
        observationNoise: 0.1,
        maxEpisodeSteps: 7,
      },
    ],
    ["with evaluations", { evalEvery: 500, evalEpisodes: 5, greedyEpisodes: 1 }],
  ])("%s", (_, changes) => {
    expect(trained(changes, 5_000).finished).toBe(true);
  });

  it("in a greedy evaluation", () => {
    const training = trained({}, 1_000);
    const { returns } = evaluate(training.agent.policy, maskedEnvironment(), {
      episodes: 200,
      seed: 3,
    });
    expect(returns).toHaveLength(200);
  });
});

describe("TD targets", () => {
  it.each([
    ["the highest", false],
    ["by Double DQN, the chosen", true],
  ])("use %s Q-value among the legal next actions", (_, doubleQ) => {
    const config = { ...quick, batchSize: 24, doubleQ, learningRate: 0, gamma: 0.9 };
    const shape = { ...config, observationSize: 3, actionCount: 5 };
    const sizes = { ...config, shape, hasLegalActions: true, environmentBytes: 0 };
    const plan = planTraining({ ...sizes, bufferSize: 24 });
    const core = createCore("wasm", plan.bytes);
    const dqn = new Dqn(core, plan, config, 7);
    const random = new RandomStream(new Uint32Array(4)).seed(5);
    const next: { observation: number[]; legal: number[] }[] = [];
    for (let row = 0; row < 24; row++) {
      const observation = [random.next(), -random.next(), random.next()];
      const legal = Array.from({ length: 5 }, (__, k) => Number(k === row % 5 || k === row % 3));
      next.push({ observation, legal });
      dqn.replay.store([row, 0, 0], row % 5, row, 0.9, observation, legal);
    }
    dqn.learn();
    const { indices, targets } = plan.scratch;
    const rows = new Uint32Array(core.buffer, indices.offset, 24);
    const found = new Float32Array(core.buffer, targets.offset, 24);
    rows.forEach((row, column) => {
      const { observation, legal } = next[row]!;
      dqn.policy.observation.set(observation);
      const best = dqn.policy.greedyAction(legal);
      expect(legal[best]).toBe(1);
      expect(found[column]).toBeCloseTo(row + 0.9 * dqn.policy.qValues[best]!, 4);
    });
  });
});

it("masked runs write the same bits on both backends, and resume to them", () => {
  const whole = trained({ nSteps: 2 }, 3_000).weights();
  expect(trained({ nSteps: 2, backend: "js" }, 3_000).weights()).toEqual(whole);
  const part = new Training({ ...quick, nSteps: 2, totalSteps: 3_000 }, {}, spec);
  part.advance(1_234);
  const resumed = resumeTraining(readCheckpoint(encodeCheckpoint(part)), {}, {}, spec);
  resumed.advance(3_000);
  expect(resumed.weights()).toEqual(whole);
});

it("policies store that the environment has legal actions", () => {
  const policy = encodePolicy(trained({}, 200));
  const { description } = openPolicy(policy, "policy", { env: spec });
  expect(description.environment).toMatchObject({ id: "masked", hasLegalActions: true });
});

it("refuses a mask in the place of the function", () => {
  const wrong = () => ({
    ...maskedEnvironment(),
    legalActions: [1, 1] as unknown as () => number[],
  });
  expect(() => customEnvironment("game", wrong)).toThrow(
    "The environment game must have a function as its legalActions, got [1,1].",
  );
});

describe("drawAction", () => {
  it("draws each legal action with equal probability", () => {
    const random = new RandomStream(new Uint32Array(4)).seed(2);
    const counts = [0, 0, 0, 0];
    for (let k = 0; k < 3_000; k++) counts[drawAction(random, 4, [1, 0, true, 1])]!++;
    expect(counts[1]).toBe(0);
    for (const action of [0, 2, 3]) expect(Math.abs(counts[action]! - 1_000)).toBeLessThan(120);
  });

  it("draws like nextBelow without a mask", () => {
    const [a, b] = [1, 1].map((seed) => new RandomStream(new Uint32Array(4)).seed(seed));
    for (let k = 0; k < 20; k++) expect(drawAction(a!, 6, null)).toBe(b!.nextBelow(6));
  });
});

describe("refuses", () => {
  const withMask = (legalActions: () => unknown) => () => {
    const environment = customEnvironment("game", () => ({
      ...maskedEnvironment(),
      legalActions: legalActions as () => number[],
    }));
    new Training({ ...quick, env: "game", totalSteps: 10 }, {}, environment).advance(10);
  };

  it.each([
    [
      "a mask of the wrong length",
      () => [1, 1],
      "The environment game, episode 1, step 0: expected legalActions to return 5 values, got 2.",
    ],
    [
      "no mask",
      () => undefined,
      "The environment game, episode 1, step 0: expected legalActions to return 5 values, got undefined.",
    ],
    [
      "a state without a legal action",
      () => [0, 0, 0, 0, 0],
      "The environment game, episode 1, step 0: expected a legal action or the end of the episode, got [0,0,0,0,0].",
    ],
    [
      "a mask that throws",
      () => {
        throw new Error("no board");
      },
      /^The environment game threw in legalActions \(episode 1, step 0\): legalActions\.test\.ts:\d+: no board\.$/,
    ],
  ])("%s", (_, mask, message) => {
    expect(withMask(mask)).toThrow(message);
  });
});

import { describe, expect, it } from "vitest";
import { recipeConfig } from "../../src/config/recipes.ts";
import { evaluate } from "../../src/dqn/evaluate.ts";
import { type EvaluationOptions, playEpisodes } from "../../src/dqn/evaluation.ts";
import { canPlayInLockstep, playInLockstep } from "../../src/dqn/lockstep.ts";
import { Training } from "../../src/dqn/training.ts";
import { CartPole } from "../../src/environments/cartPole.ts";
import { environmentSpec, makeEnvironment } from "../../src/environments/registry.ts";
import { encodePolicy, openPolicy, type Policy } from "../../src/formats/policy.ts";
import type { Backend } from "../../src/kernels/kernels.ts";
import { backends } from "../kernels/workbench.ts";

const recipes = ["solve", "mountain-car", "acrobot"] as const;

/** Returns a policy after `steps` steps of a recipe. */
function policyOf(recipe: (typeof recipes)[number], steps: number, backend: Backend = "wasm") {
  const training = new Training({
    ...recipeConfig(recipe),
    totalSteps: steps,
    evalEvery: null,
    solvedBy: "none",
  });
  training.advance(Infinity);
  return openPolicy(encodePolicy(training), "policy", { backend });
}

/**
 * Plays one by one, with the actions that the batched network chooses for a single observation. So the results must be equal to the
 * bit, although `greedyAction` adds in another order.
 */
function playOneByOne({ environment, network }: Policy, options: EvaluationOptions) {
  const { observation, q } = network.plan;
  const floats = new Float32Array(network.core.buffer);
  const actions = network.qValues.length;
  return playEpisodes(environment, options, (values) => {
    for (let k = 0; k < values.length; k++) floats[observation.offset / 4 + 8 * k] = values[k]!;
    network.forward(8);
    const column = Array.from({ length: actions }, (_, k) => floats[q.offset / 4 + 8 * k]!);
    return column.indexOf(Math.max(...column));
  });
}

describe.each(backends)(
  "lockstep on %s has the results of episodes played one by one",
  (backend) => {
    const policies = recipes.map((recipe) => ({
      recipe,
      policy: policyOf(recipe, 2_000, backend),
    }));

    it.each(policies)("$recipe", ({ policy }) => {
      const { environment, network } = policy;
      expect(canPlayInLockstep(network, environment)).toBe(true);
      for (const episodes of [1, 7, 8, 9, 33, 110]) {
        const options = { episodes, seed: 5 * episodes };
        const evaluation = evaluate(network, environment, options);
        expect(evaluation).toEqual(playOneByOne(policy, options));
        expect(evaluation.lengths.length).toBe(episodes);
      }
    });

    it("for seeds from 0 to 2^32 - 1, with episodes of different lengths", () => {
      const { policy } = policies[0]!;
      const lengths = new Set<number>();
      for (let k = 0; k < 12; k++) {
        const options = { episodes: 20, seed: Math.floor((k / 11) * (2 ** 32 - 1)) };
        const evaluation = evaluate(policy.network, policy.environment, options);
        expect(evaluation).toEqual(playOneByOne(policy, options));
        for (const length of evaluation.lengths) lengths.add(length);
      }
      expect(lengths.size).toBeGreaterThan(10);
    });

    it("when a mean is out of reach: it leaves out the same episodes", () => {
      const { policy } = policies[0]!;
      const { returns } = evaluate(policy.network, policy.environment, { episodes: 100, seed: 3 });
      const mean = returns.reduce((sum, value) => sum + value, 0) / 100;
      const found = new Set<number>();
      for (const factor of [0.99, 1.01, 1.05, 1.2, 1.5, 3]) {
        const best = 2 * Math.max(...returns);
        const giveUp = { threshold: factor * mean, best };
        const options = { episodes: 100, seed: 3, giveUp };
        const evaluation = evaluate(policy.network, policy.environment, options);
        expect(evaluation).toEqual(playOneByOne(policy, options));
        found.add(evaluation.returns.length);
      }
      expect(found.size).toBeGreaterThan(2);
      expect(found).toContain(100);
    });
  },
);

it("has the same results on wasm and js", () => {
  for (const recipe of recipes) {
    const [wasm, js] = backends.map((backend) => {
      const { environment, network } = policyOf(recipe, 1_000, backend);
      return evaluate(network, environment, { episodes: 50, seed: 9 });
    });
    expect(js).toEqual(wasm);
  }
});

it("cuts episodes without a time limit off at 10,000 steps and counts them", () => {
  const { network } = policyOf("mountain-car", 10);
  const environment = makeEnvironment("MountainCar-v0", { maxEpisodeSteps: 0 });
  expect(evaluate(network, environment, { episodes: 10, seed: 1 })).toEqual({
    returns: Array(10).fill(-10_000),
    lengths: Array(10).fill(10_000),
    capped: 10,
  });
});

it("yields at least every 1,100 steps of all episodes together", () => {
  const { environment, network } = policyOf("mountain-car", 10);
  if (!canPlayInLockstep(network, environment)) throw new Error("not in lockstep");
  const playing = playInLockstep(network, environment, { episodes: 100, seed: 1 });
  let pieces = 0;
  while (!playing.next().done) pieces++;
  expect(pieces).toBeGreaterThanOrEqual((100 * 200) / 1_100);
});

describe("plays one by one", () => {
  const { network } = policyOf("solve", 10);

  class Heavier extends CartPole {}

  const counted = () => {
    const environment = new CartPole();
    const step = environment.step.bind(environment);
    environment.step = (action) => step(action);
    return environment;
  };

  it.each([
    ["a subclass", new Heavier()],
    ["an instance with its own step", counted()],
    ["noise on the force", makeEnvironment("CartPole-v1", { forceNoise: 1 })],
    ["a target position", makeEnvironment("CartPole-v1", { targetPosition: 1 })],
    ["noise on the observation", makeEnvironment("CartPole-v1", { observationNoise: 0.1 })],
    ["stacked frames", makeEnvironment("CartPole-v1", { frameStack: 2 })],
    ["an environment of another size", makeEnvironment("Acrobot-v1")],
  ])("%s", (_, environment) => {
    expect(canPlayInLockstep(network, environment)).toBe(false);
  });

  it("with a network without memory for a batch", () => {
    const { agent } = new Training(recipeConfig("solve"));
    expect(canPlayInLockstep(agent.policy, new CartPole())).toBe(false);
  });
});

it("reserves memory for lockstep only for environments that can", () => {
  const plain = recipeConfig("solve");
  expect(environmentSpec("CartPole-v1").episodeBytes).toBe(44);
  expect(environmentSpec("CartPole-v1", { ...plain, maxEpisodeSteps: 9 }).episodeBytes).toBe(44);
  for (const changes of [
    { forceNoise: 1 },
    { targetPosition: 0 },
    { frameStack: 2 },
    { observationNoise: 1 },
  ]) {
    expect(environmentSpec("CartPole-v1", { ...plain, ...changes }).episodeBytes).toBe(0);
  }
});

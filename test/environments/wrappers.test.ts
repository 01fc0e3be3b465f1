import { describe, expect, it } from "vitest";
import { CartPole } from "../../src/environments/cartPole.ts";
import { classicControlBytes } from "../../src/environments/classicControl.ts";
import type { Environment } from "../../src/environments/environment.ts";
import type { EnvironmentSpec } from "../../src/environments/environmentSpec.ts";
import { ObservationNoise } from "../../src/environments/observationNoise.ts";
import { makeEnvironment, plainEnvironment, wrapCustom } from "../../src/environments/registry.ts";
import { createCore } from "../../src/kernels/core.ts";
import { RandomStream, streamSeed } from "../../src/numerics/random.ts";

/** Plays episodes of 6 steps. The observation is the number of the step. */
function counter(): Environment {
  let step = 0;
  return {
    observationSize: 1,
    actionCount: 2,
    reset: () => {
      step = 0;
      return [0];
    },
    step: () => ({ observation: [++step], reward: 5, terminated: step === 6, truncated: false }),
    getState: () => Uint8Array.of(step),
    setState: (state) => {
      step = state[0]!;
    },
  };
}

const custom: EnvironmentSpec = {
  ...{ id: "Counter", observationSize: 1, actionCount: 2, rewardThreshold: null },
  ...{ maxReturn: Infinity, bytes: 0, make: counter },
};
const core = createCore("js", 64);
const wrapped = (options: Partial<typeof plainEnvironment>) =>
  wrapCustom(custom, { ...plainEnvironment, ...options });

describe("a custom environment", () => {
  it.each([null, 0])("has no time limit with maxEpisodeSteps %j", (maxEpisodeSteps) => {
    const environment = wrapped({ maxEpisodeSteps }).make(core, 0);
    environment.reset();
    for (let step = 1; step <= 9; step++) {
      expect(environment.step(0)).toMatchObject({
        truncated: false,
        terminated: step === 6,
        reward: 5,
      });
    }
  });

  it("is truncated maxEpisodeSteps steps after each reset", () => {
    const environment = wrapped({ maxEpisodeSteps: 2 }).make(core, 0);
    for (let episode = 0; episode < 2; episode++) {
      expect(Array.from(environment.reset())).toEqual([0]);
      expect(environment.step(0)).toEqual({
        ...{ observation: [1], reward: 5, terminated: false, truncated: false },
      });
      expect(environment.step(0).truncated).toBe(true);
    }
    environment.reset();
    for (let step = 1; step < 6; step++) environment.step(0);
    expect(environment.step(0)).toMatchObject({ terminated: true, truncated: true });
  });

  it("continues from a saved state, with its time limit and frames", () => {
    const spec = wrapped({ maxEpisodeSteps: 4, frameStack: 2 });
    expect([spec.observationSize, spec.actionCount]).toEqual([2, 2]);
    const [one, other] = [spec.make(core, 0), spec.make(core, 0)];
    one.reset();
    one.step(0);
    one.step(0);
    other.reset();
    other.setState!(one.getState!());
    for (let step = 3; step <= 4; step++) {
      for (const environment of [one, other]) {
        const { observation, truncated } = environment.step(0);
        expect([...Array.from(observation), truncated]).toEqual([step - 1, step, step === 4]);
      }
    }
  });

  it("without getState or setState has neither in a wrapper", () => {
    for (const missing of ["getState", "setState"] as const) {
      const make = () => {
        const { [missing]: _, ...environment } = counter() as Required<Environment>;
        return environment;
      };
      const options = { ...plainEnvironment, maxEpisodeSteps: 3 };
      const environment = wrapCustom({ ...custom, make }, options).make(core, 0);
      expect(environment.getState).toBeUndefined();
      expect(environment.setState).toBeUndefined();
    }
  });

  it.each([
    ["null", null],
    ["an empty object", {}],
    ["a factory that is not a function", { ...custom, make: {} }],
    ["an observation size of 0", { ...custom, observationSize: 0 }],
    ["an action count of 0", { ...custom, actionCount: 0 }],
  ])("rejects a specification: %s", (_name, spec) => {
    expect(() => wrapCustom(spec as EnvironmentSpec, plainEnvironment)).toThrow(
      /^environment must be a class or function that makes it .*, got /,
    );
  });

  it.each([{ forceNoise: 1 }, { targetPosition: 0 }])("rejects %j", (options) => {
    const [key] = Object.keys(options);
    expect(() => wrapped(options)).toThrow(`${key} is an option of CartPole-v1, not of "Counter".`);
  });
});

describe("observation noise", () => {
  it("differs for each number, seed and step, and repeats with the same seed", () => {
    const play = (seed?: number) => {
      const environment = new ObservationNoise(makeEnvironment("MountainCar-v0"), 0.5);
      environment.reset({ seed: 9 });
      const first = environment.reset(seed === undefined ? undefined : { seed });
      return [...Array.from(first), ...Array.from(environment.step(1).observation)];
    };
    expect(play(3)).toEqual(play(3));
    expect(play(3)).not.toEqual(play(4));
    const plain = makeEnvironment("MountainCar-v0");
    plain.reset({ seed: 3 });
    const clear = Array.from(plain.reset({ seed: 3 }));
    const noise = play(3)
      .slice(0, 2)
      .map((value, k) => value - clear[k]!);
    expect(Math.abs(noise[0]! - noise[1]!)).toBeGreaterThan(1e-3);
    expect(play()).not.toEqual(play(9));
  });

  it("is uniform within its amplitude, and its stream continues on reset without a seed", () => {
    const still: Environment = { ...counter(), reset: () => [0] };
    const noisy = new ObservationNoise(still, 0.5);
    const first = noisy.reset({ seed: 3 })[0]!;
    const values = Array.from({ length: 400 }, () => noisy.reset()[0]!);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-0.5);
    expect(Math.min(...values)).toBeLessThan(-0.49);
    expect(Math.max(...values)).toBeLessThan(0.5);
    expect(Math.max(...values)).toBeGreaterThan(0.49);
    expect(new Set(values).size).toBeGreaterThan(390);
    expect(noisy.reset({ seed: 3 })[0]).toBe(first);
    const random = new RandomStream(new Uint32Array(4)).seed(streamSeed(3, 100));
    expect(first).toBe(Math.fround(random.next() - 0.5));
    expect(noisy.reset()[0]).toBe(Math.fround(random.next() - 0.5));
  });
});

describe("CartPole's options", () => {
  it("give reward 1 at targetPosition and 0 beyond 2.4 m from it", () => {
    const environment = new CartPole(createCore("js", classicControlBytes), 0, 500, {
      targetPosition: -2.3,
    });
    environment.reset({ seed: 1 });
    const state = environment.getState();
    const numbers = new Float64Array(state.buffer, 0, 4);
    numbers.set([0.5, 0, 0, 0]);
    environment.setState(state);
    const far = environment.step(1);
    expect(far.reward).toBe(0);
    expect(far.observation[0]).toBeCloseTo(2.8, 6);
    numbers.set([-2.3, 0, 0, 0]);
    environment.setState(state);
    expect(environment.step(1).reward).toBe(1);
  });

  it("add uniform noise of up to forceNoise to the force of 10 N", () => {
    const velocity = (forceNoise: number, seed: number, action: number) => {
      const environment = new CartPole(createCore("js", classicControlBytes), 0, 500, {
        forceNoise,
      });
      environment.reset({ seed });
      const state = environment.getState();
      new Float64Array(state.buffer, 0, 4).fill(0);
      environment.setState(state);
      return environment.step(action).observation[1]!;
    };
    const push = velocity(0, 1, 1);
    expect(velocity(0, 1, 0)).toBe(-push);
    const shares = Array.from({ length: 200 }, (_, seed) => velocity(4, seed, 1) / push);
    expect(Math.min(...shares)).toBeGreaterThan(0.6);
    expect(Math.min(...shares)).toBeLessThan(0.63);
    expect(Math.max(...shares)).toBeLessThan(1.4);
    expect(Math.max(...shares)).toBeGreaterThan(1.37);
    expect(new Set([1, 2, 3].map((seed) => velocity(0, seed, 1))).size).toBe(1);
    const random = new RandomStream(new Uint32Array(4)).seed(5);
    for (let k = 0; k < 4; k++) random.next();
    expect(shares[5]).toBeCloseTo(1 + (8 * random.next() - 4) / 10, 6);
  });
});

import { describe, expect, it } from "vitest";
import { Acrobot } from "../../src/environments/acrobot.ts";
import { CartPole } from "../../src/environments/cartPole.ts";
import { classicControlBytes } from "../../src/environments/classicControl.ts";
import { MountainCar } from "../../src/environments/mountainCar.ts";
import {
  environmentIds,
  environmentSpec,
  makeEnvironment,
  plainEnvironment,
} from "../../src/environments/registry.ts";
import { RunError, UsageError } from "../../src/errors.ts";
import { type Core, createCore } from "../../src/kernels/core.ts";
import { RandomStream } from "../../src/numerics/random.ts";

describe("built-in environments", () => {
  it("have Gymnasium's sizes, limits and thresholds", () => {
    const rows = environmentIds.map((id) => {
      const spec = environmentSpec(id);
      const { actionCount, bytes, maxReturn, observationSize, rewardThreshold } = spec;
      expect(spec.id).toBe(id);
      expect(bytes).toBe(classicControlBytes);
      const made = makeEnvironment(id);
      expect([made.observationSize, made.actionCount]).toEqual([observationSize, actionCount]);
      return [id, observationSize, actionCount, rewardThreshold, maxReturn];
    });
    expect(rows).toEqual([
      ["CartPole-v1", 4, 2, 475, 500],
      ["CartPole-v0", 4, 2, 195, 200],
      ["MountainCar-v0", 2, 3, -110, 0],
      ["Acrobot-v1", 6, 3, -100, 0],
    ]);
  });

  it.each([
    ["CartPole-v1", 30, 30],
    ["CartPole-v1", 0, Infinity],
    ["MountainCar-v0", 30, 0],
    ["MountainCar-v0", 0, 0],
  ])("%s with maxEpisodeSteps %i has the maximum return %d", (id, maxEpisodeSteps, maxReturn) => {
    expect(environmentSpec(id, { ...plainEnvironment, maxEpisodeSteps }).maxReturn).toBe(maxReturn);
  });

  it.each([
    ["CartPole-v1", 500],
    ["CartPole-v0", 200],
    ["MountainCar-v0", 200],
    ["Acrobot-v1", 500],
  ] as const)("%s is truncated after %i steps", (id, limit) => {
    const environment = makeEnvironment(id);
    environment.reset({ seed: 3 });
    for (let step = 1; step < limit; step++) expect(environment.step(1).truncated).toBe(false);
    expect(environment.step(1).truncated).toBe(true);
    expect(environment.step(1).truncated).toBe(true);
  });

  it("constructed without arguments have Gymnasium's time limits", () => {
    for (const [environment, limit] of [
      [new CartPole(), 500],
      [new MountainCar(), 200],
      [new Acrobot(), 500],
    ] as const) {
      environment.reset({ seed: 1 });
      for (let step = 1; step < limit; step++) environment.step(0);
      expect(environment.step(0).truncated).toBe(true);
      environment.reset();
      expect(environment.step(0).truncated).toBe(false);
    }
  });

  it("reject a core without kernels", () => {
    for (const core of [null, {}]) {
      expect(() => new CartPole(core as Core)).toThrow(/^core must be a Core, got /);
    }
  });

  it("reject options that are not an object", () => {
    expect(() => makeEnvironment("CartPole-v1", null as never)).toThrow(
      new UsageError("options must be an object, got null."),
    );
  });

  it("play the same episode at any address, on both backends", () => {
    for (const id of environmentIds) {
      const played = (["wasm", "js"] as const).flatMap((backend) =>
        [0, 4 * classicControlBytes].map((ptr) => {
          const environment = environmentSpec(id).make(createCore(backend, 4096), ptr);
          const first = Array.from(environment.reset({ seed: 4 }));
          return [
            first,
            ...[0, 1, 1].map((action) => Array.from(environment.step(action).observation)),
          ];
        }),
      );
      for (const other of played) expect(other).toEqual(played[0]);
    }
  });

  it("continue the random stream on reset without a seed, starting from seed 0", () => {
    const [one, other, seeded] = [1, 2, 3].map(() => makeEnvironment("CartPole-v1"));
    expect(Array.from(one!.reset())).toEqual(Array.from(other!.reset()));
    expect(Array.from(seeded!.reset({ seed: 0 }))).toEqual(
      Array.from(makeEnvironment("CartPole-v1").reset()),
    );
    expect(Array.from(one!.reset())).not.toEqual(Array.from(seeded!.reset({ seed: 0 })));
  });

  it("are listed when env is unknown", () => {
    expect(() => environmentSpec("Pong-v0")).toThrow(
      new UsageError(
        'env must be one of CartPole-v1, CartPole-v0, MountainCar-v0, Acrobot-v1, got "Pong-v0". Pass your own game, or one of wasm-dqn/games, as environment or with --env.',
      ),
    );
  });

  it.each([{ forceNoise: 1 }, { targetPosition: 0 }])(
    "other than CartPole reject %j",
    (options) => {
      const [key] = Object.keys(options);
      expect(() => makeEnvironment("MountainCar-v0", options)).toThrow(
        new UsageError(`${key} is an option of CartPole-v1, not of "MountainCar-v0".`),
      );
      expect(() => makeEnvironment("CartPole-v0", options)).not.toThrow();
    },
  );
});

describe("the initial state", () => {
  const range = (id: string) => {
    const core = createCore("js", classicControlBytes);
    const environment = environmentSpec(id).make(core, 0);
    const state = new Float64Array(core.buffer, 0, 4);
    const starts = Array.from({ length: 400 }, (_, seed) => {
      environment.reset({ seed });
      return [...state];
    });
    return [0, 1, 2, 3].map((part) => {
      const values = starts.map((start) => start[part]!);
      return [Math.min(...values), Math.max(...values)].map(
        (value) => Math.round(value * 100) / 100,
      );
    });
  };

  it("is uniform in Gymnasium's ranges", () => {
    expect(range("CartPole-v1")).toEqual(Array(4).fill([-0.05, 0.05]));
    expect(range("Acrobot-v1")).toEqual(Array(4).fill([-0.1, 0.1]));
    expect(range("MountainCar-v0").slice(0, 2)).toEqual([
      [-0.6, -0.4],
      [0, 0],
    ]);
  });

  it("draws one number per random value, and a step draws none", () => {
    for (const [id, width, low] of [
      ["CartPole-v1", 4, -0.05],
      ["Acrobot-v1", 4, -0.1],
      ["MountainCar-v0", 1, -0.6],
    ] as const) {
      const core = createCore("js", classicControlBytes);
      const environment = environmentSpec(id).make(core, 0);
      const random = new RandomStream(new Uint32Array(4)).seed(7);
      const span = id === "MountainCar-v0" ? 0.2 : -2 * low;
      environment.reset({ seed: 7 });
      for (let episode = 0; episode < 3; episode++) {
        if (episode > 0) environment.reset();
        const state = new Float64Array(core.buffer, 0, width);
        for (const value of state) expect(value).toBeCloseTo(low + span * random.next(), 12);
        environment.step(1);
      }
    }
  });

  it("is the first observation", () => {
    const core = createCore("js", classicControlBytes);
    const state = new Float64Array(core.buffer, 0, 4);
    const observed = (id: string) =>
      Array.from(environmentSpec(id).make(core, 0).reset({ seed: 6 }));
    expect(observed("CartPole-v1")).toEqual(Array.from(state, Math.fround));
    const found = observed("Acrobot-v1");
    const [t1 = 0, t2 = 0, v1 = 0, v2 = 0] = state;
    const seen = [Math.cos(t1), Math.sin(t1), Math.cos(t2), Math.sin(t2), v1, v2];
    seen.forEach((value, k) => {
      expect(found[k]).toBeCloseTo(value, 6);
    });
    expect(observed("MountainCar-v0")).toEqual([Math.fround(state[0]!), 0]);
  });
});

describe("a saved state", () => {
  const bytes = (change: (numbers: Float64Array, words: Uint32Array) => void) => {
    const environment = makeEnvironment("CartPole-v1");
    environment.reset({ seed: 1 });
    const state = environment.getState!();
    change(new Float64Array(state.buffer), new Uint32Array(state.buffer));
    return () => makeEnvironment("CartPole-v1").setState!(state);
  };

  it("is rejected if its numbers or its length are impossible", () => {
    const numbers = new RunError("the environment's state holds invalid numbers.");
    for (const value of [1.1e6, -1.1e6, Number.NaN, Infinity]) {
      for (let part = 0; part < 4; part++) {
        expect(bytes((f64) => f64.fill(value, part, part + 1))).toThrow(numbers);
      }
    }
    expect(bytes((_, u32) => u32.fill(0, 8, 12))).toThrow(numbers);
    expect(() => makeEnvironment("CartPole-v1").setState!(new Uint8Array(95))).toThrow(
      new RunError("an environment's state must have 96 bytes, got 95."),
    );
  });

  it("is accepted up to its bounds and with some zero words in its random stream", () => {
    expect(bytes((f64) => f64.fill(1e6, 0, 2))).not.toThrow();
    expect(bytes((f64) => f64.fill(-1e6, 0, 4))).not.toThrow();
    expect(bytes((_, u32) => u32.fill(0, 8, 11))).not.toThrow();
    expect(bytes((_, u32) => u32.fill(0, 9, 12))).not.toThrow();
  });

  it("does not change with later steps", () => {
    const environment = makeEnvironment("CartPole-v1");
    environment.reset({ seed: 1 });
    const state = environment.getState!();
    const before = Array.from(state);
    environment.step(1);
    expect(Array.from(state)).toEqual(before);
  });
});

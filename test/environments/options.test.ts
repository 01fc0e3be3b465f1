import { describe, expect, it } from "vitest";
import type { Environment } from "../../src/environments/environment.ts";
import { makeEnvironment } from "../../src/environments/registry.ts";

function walk(environment: Environment, steps: number): number[][] {
  return Array.from({ length: steps }, (_, k) => {
    const { observation, terminated, truncated } = environment.step((k >> 1) % 2);
    const seen = Array.from(observation);
    if (terminated || truncated) environment.reset();
    return seen;
  });
}

describe("environment options", () => {
  it("CartPole-v0 is CartPole-v1 with 200 steps", () => {
    const [v0, v1] = (["CartPole-v0", "CartPole-v1"] as const).map((id) => makeEnvironment(id));
    expect(Array.from(v0!.reset({ seed: 3 }))).toEqual(Array.from(v1!.reset({ seed: 3 })));
    for (let step = 1; step <= 200; step++) {
      expect(v0!.step(step % 2).truncated).toBe(step === 200);
      expect(v1!.step(step % 2).truncated).toBe(false);
    }
  });

  it.each([
    [0, 20_000, false],
    [30, 30, true],
  ])("maxEpisodeSteps %i: step %i is truncated: %s", (maxEpisodeSteps, steps, truncated) => {
    const environment = makeEnvironment("CartPole-v1", { maxEpisodeSteps });
    environment.reset({ seed: 1 });
    for (let step = 1; step < steps; step++) expect(environment.step(0).truncated).toBe(false);
    expect(environment.step(0).truncated).toBe(truncated);
  });

  it("stacks frames oldest first, padded with zeros", () => {
    const plain = makeEnvironment("CartPole-v1");
    const stacked = makeEnvironment("CartPole-v1", { frameStack: 3 });
    expect(stacked.observationSize).toBe(12);
    for (let episode = 0; episode < 2; episode++) {
      const first = Array.from(plain.reset({ seed: episode }));
      const zeros = [0, 0, 0, 0];
      expect(Array.from(stacked.reset({ seed: episode }))).toEqual([...zeros, ...zeros, ...first]);
      const second = Array.from(plain.step(1).observation);
      expect(Array.from(stacked.step(1).observation)).toEqual([...zeros, ...first, ...second]);
      const third = Array.from(plain.step(0).observation);
      expect(Array.from(stacked.step(0).observation)).toEqual([...first, ...second, ...third]);
    }
  });

  it("keeps observation noise within its amplitude and the dynamics unchanged", () => {
    const plain = makeEnvironment("CartPole-v1");
    const noisy = makeEnvironment("CartPole-v1", { observationNoise: 0.25 });
    plain.reset({ seed: 1 });
    noisy.reset({ seed: 1 });
    const [clear, disturbed] = [walk(plain, 400), walk(noisy, 400)];
    const noise = clear.flatMap((seen, k) =>
      seen.map((value, part) => disturbed[k]![part]! - value),
    );
    expect(Math.max(...noise)).toBeLessThanOrEqual(0.2501);
    expect(Math.max(...noise)).toBeGreaterThan(0.24);
    expect(Math.min(...noise)).toBeLessThan(-0.24);
  });

  it("adds force noise that changes the trajectory, reproducibly for a seed", () => {
    const make = (forceNoise: number) => {
      const environment = makeEnvironment("CartPole-v1", { forceNoise });
      environment.reset({ seed: 4 });
      return walk(environment, 30);
    };
    expect(make(2)).toEqual(make(2));
    expect(make(2)).not.toEqual(make(0));
    // 2 N on 1.1 kg for 0.02 s: at most 0.04 m/s in the first step.
    const velocities = [make(2)[0]![1]!, make(0)[0]![1]!];
    expect(Math.abs(velocities[0]! - velocities[1]!)).toBeLessThan(0.04);
  });

  it("shifts the observed position by the target position and rewards being near it", () => {
    const plain = makeEnvironment("CartPole-v1");
    const aimed = makeEnvironment("CartPole-v1", { targetPosition: 1.2 });
    const [from, towards] = [plain.reset({ seed: 2 }), aimed.reset({ seed: 2 })];
    expect(towards[0]).toBeCloseTo(from[0]! - 1.2, 6);
    for (let step = 0; step < 8; step++) {
      const there = plain.step(1);
      const here = aimed.step(1);
      expect(here.observation[0]).toBeCloseTo(there.observation[0]! - 1.2, 6);
      expect(here.observation[1]).toBe(there.observation[1]);
      expect(here.reward).toBeCloseTo(1 - Math.abs(here.observation[0]!) / 2.4, 6);
    }
  });

  it("rejects CartPole's options for other environments", () => {
    expect(() => makeEnvironment("Acrobot-v1", { forceNoise: 1 })).toThrow(
      'forceNoise is an option of CartPole-v1, not of "Acrobot-v1".',
    );
  });
});

describe("getState and setState", () => {
  it.each([
    ["CartPole-v1", { frameStack: 2, observationNoise: 0.1, forceNoise: 1 }],
    ["MountainCar-v0", { observationNoise: 0.01 }],
    ["Acrobot-v1", { frameStack: 3 }],
  ] as const)("%s continues identically from a saved state", (id, options) => {
    const [one, other] = [makeEnvironment(id, options), makeEnvironment(id, options)];
    one.reset({ seed: 1 });
    walk(one, 37);
    other.setState!(one.getState!());
    expect(walk(other, 500)).toEqual(walk(one, 500));
  });
});

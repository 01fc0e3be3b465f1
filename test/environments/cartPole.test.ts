import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CartPole } from "../../src/environments/cartPole.ts";
import { classicControlBytes } from "../../src/environments/classicControl.ts";
import { makeEnvironment } from "../../src/environments/registry.ts";
import { createCore } from "../../src/kernels/core.ts";
import { backends } from "../kernels/workbench.ts";

type State = [number, number, number, number];

interface Trajectory {
  s0: State;
  actions: number[];
  states: State[];
  terminated: (0 | 1)[];
}

function golden<Contents>(name: string): Contents {
  return JSON.parse(
    readFileSync(new URL(`../golden/${name}.json`, import.meta.url), "utf8"),
  ) as Contents;
}

const trajectories = golden<{
  random: { euler: Trajectory[] };
  long: { euler: Trajectory[] };
}>("cartpole_trajectories");
const transitions = golden<{
  cases: { integrator: string; s: State; a: number; next: State; terminated: boolean }[];
}>("cartpole_onestep").cases.filter((transition) => transition.integrator === "euler");

describe.each(backends)("CartPole on %s matches Gymnasium", (backend) => {
  /** A CartPole with a view of its state: the first four float64 of its memory. */
  function cart() {
    const core = createCore(backend, classicControlBytes);
    const environment = new CartPole(core, 0, 500);
    environment.reset({ seed: 1 });
    return { environment, state: new Float64Array(core.buffer, 0, 4) };
  }

  function distance(state: Float64Array, expected: State): number {
    return Math.max(...expected.map((value, k) => Math.abs(state[k]! - value)));
  }

  it("on every random trajectory within 1e-12", () => {
    expect(trajectories.random.euler.length).toBe(24);
    for (const { s0, actions, states, terminated } of trajectories.random.euler) {
      const { environment, state } = cart();
      state.set(s0);
      actions.forEach((action, k) => {
        const result = environment.step(action);
        expect(distance(state, states[k]!)).toBeLessThan(1e-12);
        expect(result.terminated).toBe(terminated[k] === 1);
        expect(result.reward).toBe(1);
        expect(Array.from(result.observation)).toEqual(Array.from(state, Math.fround));
      });
    }
  });

  it("on each step of the long trajectories within 1e-14, and truncates at 500 steps", () => {
    expect(trajectories.long.euler.length).toBe(3);
    for (const { s0, actions, states, terminated } of trajectories.long.euler) {
      const { environment, state } = cart();
      actions.forEach((action, k) => {
        state.set(k === 0 ? s0 : states[k - 1]!);
        const result = environment.step(action);
        expect(distance(state, states[k]!)).toBeLessThan(1e-14);
        expect(result.terminated).toBe(terminated[k] === 1);
        expect(result.truncated).toBe(k === 499);
      });
    }
  });

  it("on single transitions within 1e-14, including the thresholds", () => {
    expect(transitions.length).toBeGreaterThan(80);
    for (const { s, a, next, terminated } of transitions) {
      const { environment, state } = cart();
      state.set(s);
      const result = environment.step(a);
      expect(distance(state, next)).toBeLessThan(1e-14);
      expect(result.terminated).toBe(terminated);
    }
  });
});

describe("reset", () => {
  it("draws four numbers within 0.05, the same ones for the same seed", () => {
    const environment = makeEnvironment("CartPole-v1");
    const first = Array.from(environment.reset({ seed: 7 }));
    const second = Array.from(environment.reset());
    const again = Array.from(environment.reset({ seed: 7 }));
    expect(again).toEqual(first);
    expect(second).not.toEqual(first);
    for (const value of [...first, ...second]) expect(Math.abs(value)).toBeLessThanOrEqual(0.05);
  });

  it("resets the step count", () => {
    const environment = makeEnvironment("CartPole-v1");
    for (let episode = 0; episode < 2; episode++) {
      environment.reset();
      for (let step = 1; step <= 500; step++) {
        expect(environment.step(step % 2).truncated).toBe(step === 500);
      }
    }
  });
});

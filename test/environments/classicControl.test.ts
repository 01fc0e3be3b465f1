import { describe, expect, it } from "vitest";
import { cosine } from "../../assembly/trigonometry.ts";
import { Acrobot } from "../../src/environments/acrobot.ts";
import { classicControlBytes } from "../../src/environments/classicControl.ts";
import { MountainCar } from "../../src/environments/mountainCar.ts";
import { makeEnvironment } from "../../src/environments/registry.ts";
import { createCore } from "../../src/kernels/core.ts";
import { backends } from "../kernels/workbench.ts";

/** Reference: the equations of Gymnasium's mountain_car.py. */
function mountainCarOracle([position, velocity]: number[], action: number) {
  let v = velocity! + (action - 1) * 0.001 + Math.cos(3 * position!) * -0.0025;
  v = Math.min(Math.max(v, -0.07), 0.07);
  const x = Math.min(Math.max(position! + v, -1.2), 0.6);
  if (x === -1.2 && v < 0) v = 0;
  return { state: [x, v], terminated: x >= 0.5 && v >= 0 };
}

/** Reference: the equations of Gymnasium's acrobot.py ("book" dynamics, RK4 over 0.2 s). */
function acrobotOracle(state: number[], action: number) {
  const derivative = ([theta1, theta2, dtheta1, dtheta2]: number[]) => {
    const d1 = 1 * 0.5 ** 2 + 1 * (1 + 0.5 ** 2 + 2 * 0.5 * Math.cos(theta2!)) + 1 + 1;
    const d2 = 1 * (0.5 ** 2 + 0.5 * Math.cos(theta2!)) + 1;
    const phi2 = 0.5 * 9.8 * Math.cos(theta1! + theta2! - Math.PI / 2);
    const phi1 =
      -0.5 * dtheta2! ** 2 * Math.sin(theta2!) -
      2 * 0.5 * dtheta2! * dtheta1! * Math.sin(theta2!) +
      1.5 * 9.8 * Math.cos(theta1! - Math.PI / 2) +
      phi2;
    const torque = action - 1;
    const ddtheta2 =
      (torque + (d2 / d1) * phi1 - 0.5 * dtheta1! ** 2 * Math.sin(theta2!) - phi2) /
      (0.5 ** 2 + 1 - d2 ** 2 / d1);
    return [dtheta1!, dtheta2!, -(d2 * ddtheta2 + phi1) / d1, ddtheta2];
  };
  const along = (by: number, slope: number[]) => state.map((value, k) => value + by * slope[k]!);
  const k1 = derivative(state);
  const k2 = derivative(along(0.1, k1));
  const k3 = derivative(along(0.1, k2));
  const k4 = derivative(along(0.2, k3));
  const next = state.map(
    (value, k) => value + (0.2 / 6) * (k1[k]! + 2 * k2[k]! + 2 * k3[k]! + k4[k]!),
  );
  const wrap = (angle: number) => angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
  const bound = (value: number, limit: number) => Math.min(Math.max(value, -limit), limit);
  const [t1, t2] = [wrap(next[0]!), wrap(next[1]!)];
  return {
    state: [t1, t2, bound(next[2]!, 4 * Math.PI), bound(next[3]!, 9 * Math.PI)],
    terminated: -Math.cos(t1) - Math.cos(t2 + t1) > 1,
  };
}

const close = (actual: ArrayLike<number>, expected: readonly number[], tolerance: number) => {
  expected.forEach((value, k) => {
    expect(Math.abs(actual[k]! - value)).toBeLessThan(tolerance);
  });
};

describe.each(backends)("each step on %s matches the reference", (backend) => {
  it("MountainCar", () => {
    const core = createCore(backend, classicControlBytes);
    const car = new MountainCar(core, 0, 200);
    const state = new Float64Array(core.buffer, 0, 2);
    let goals = 0;
    for (let episode = 0; episode < 4; episode++) {
      car.reset({ seed: episode });
      for (let step = 0; step < 200; step++) {
        const before = [...state];
        const action = episode < 2 ? (state[1]! >= 0 ? 2 : 0) : (step * 7 + episode) % 3;
        const expected = mountainCarOracle(before, action);
        const result = car.step(action);
        close(state, expected.state, 1e-15);
        expect(result.terminated).toBe(expected.terminated);
        expect(result.reward).toBe(-1);
        expect([...Float32Array.from(state)]).toEqual(Array.from(result.observation));
        if (result.terminated) {
          goals++;
          break;
        }
      }
    }
    expect(goals).toBe(2);
  });

  it("Acrobot", () => {
    const core = createCore(backend, classicControlBytes);
    const acrobot = new Acrobot(core, 0, 500);
    const state = new Float64Array(core.buffer, 0, 4);
    let goals = 0;
    for (let episode = 0; episode < 4; episode++) {
      acrobot.reset({ seed: episode });
      for (let step = 0; step < 500; step++) {
        const action = episode < 2 ? (state[2]! >= 0 ? 0 : 2) : (step * 5 + episode) % 3;
        const expected = acrobotOracle([...state], action);
        const result = acrobot.step(action);
        close(state, expected.state, 1e-12);
        const [t1 = 0, t2 = 0, v1 = 0, v2 = 0] = state;
        const angles = [Math.cos(t1), Math.sin(t1), Math.cos(t2), Math.sin(t2), v1, v2];
        close(result.observation, angles, 2e-6);
        expect(result.terminated).toBe(expected.terminated);
        expect(result.reward).toBe(expected.terminated ? 0 : -1);
        expect(result.truncated).toBe(step === 499);
        if (result.terminated) {
          goals++;
          break;
        }
      }
    }
    expect(goals).toBeGreaterThan(0);
  });
});

describe.each(backends)("MountainCar on %s", (backend) => {
  function stepFrom(position: number, velocity: number, action: number) {
    const core = createCore(backend, classicControlBytes);
    const car = new MountainCar(core, 0, 200);
    car.reset({ seed: 1 });
    const state = new Float64Array(core.buffer, 0, 2);
    state.set([position, velocity]);
    const { terminated } = car.step(action);
    return { state: [...state], terminated };
  }

  it.each([
    [-1.19, -0.069, 0],
    [-1.2, 0.02, 2],
    [-0.5, 0.0698, 2],
    [-0.6, -0.0698, 0],
    [0.58, 0.06, 2],
    [0.49, 0.02, 2],
    [0.55, -0.02, 0],
  ])("stops at the wall, at 0.6 and at its greatest speed: from %d, %d with %i", (...from) => {
    const expected = mountainCarOracle(from.slice(0, 2), from[2]!);
    const { state, terminated } = stepFrom(...from);
    close(state, expected.state, 1e-15);
    expect(terminated).toBe(expected.terminated);
  });

  it("has arrived at 0.5, also at rest", () => {
    const rest = -(0.001 - cosine(3 * 0.5) * 0.0025);
    expect(stepFrom(0.5, rest, 2)).toEqual({ state: [0.5, 0], terminated: true });
    expect(stepFrom(0.5, rest - 1e-6, 2).terminated).toBe(false);
  });
});

describe.each(backends)("Acrobot on %s", (backend) => {
  it.each([
    [0.1, -0.2, 40, 50, 0],
    [0.1, -0.2, -40, -50, 2],
    [3.1, -3.1, 3, -3, 1],
    [-3.1, 3.1, -3, 3, 1],
  ])("wraps angles and bounds velocities, as Gymnasium: from %d, %d, %d, %d", (...numbers) => {
    const core = createCore(backend, classicControlBytes);
    const acrobot = new Acrobot(core, 0, 500);
    acrobot.reset({ seed: 1 });
    const state = new Float64Array(core.buffer, 0, 4);
    state.set(numbers.slice(0, 4));
    const expected = acrobotOracle([...state], numbers[4]!);
    expect(acrobot.step(numbers[4]!).terminated).toBe(expected.terminated);
    close(state, expected.state, 1e-9);
  });
});

describe("initial states", () => {
  it("MountainCar starts at rest between -0.6 and -0.4", () => {
    const car = makeEnvironment("MountainCar-v0");
    for (let seed = 0; seed < 50; seed++) {
      const [position, velocity] = Array.from(car.reset({ seed }));
      expect(position).toBeGreaterThanOrEqual(Math.fround(-0.6));
      expect(position).toBeLessThanOrEqual(Math.fround(-0.4));
      expect(velocity).toBe(0);
    }
  });

  it("Acrobot starts hanging, with angles and velocities within 0.1", () => {
    const acrobot = makeEnvironment("Acrobot-v1");
    for (let seed = 0; seed < 50; seed++) {
      const [c1, s1, c2, s2, v1, v2] = Array.from(acrobot.reset({ seed })) as number[];
      for (const value of [s1!, s2!, v1!, v2!]) expect(Math.abs(value)).toBeLessThanOrEqual(0.1);
      for (const value of [c1!, c2!]) expect(value).toBeGreaterThan(0.99);
    }
  });
});

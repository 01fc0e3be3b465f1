import {
  elbowAcceleration,
  elbowGravity,
  shoulderAcceleration,
  shoulderTorque,
} from "../../../assembly/acrobotDynamics.ts";
import { cosine, sine } from "../../../assembly/trigonometry.ts";

const STEP = 0.2;
const HALF_STEP = 0.1;
const PI = 3.141592653589793;
const MAX_VELOCITY1 = 12.566370614359172;
const MAX_VELOCITY2 = 28.274333882308138;

function wrap(radians: number): number {
  let angle = radians;
  while (angle > PI) angle -= 2.0 * PI;
  while (angle < -PI) angle += 2.0 * PI;
  return angle;
}

function bound(value: number, limit: number): number {
  return value < -limit ? -limit : value > limit ? limit : value;
}

export function acrobotKernels(f32: Float32Array, f64: Float64Array, u32: Uint32Array) {
  /** One column of `acrobotStep`: steps the state at f64[at]. Returns whether it terminated. */
  function stepOne(at: number, observation: number, torque: number, count: number): boolean {
    const t1 = f64[at]!;
    const t2 = f64[at + count]!;
    const v1 = f64[at + 2 * count]!;
    const v2 = f64[at + 3 * count]!;

    let t1k = t1;
    let t2k = t2;
    let v1k = v1;
    let v2k = v2;
    let dt1 = 0;
    let dt2 = 0;
    let dv1 = 0;
    let dv2 = 0;
    for (let stage = 0; stage < 4; stage++) {
      const cos2 = cosine(t2k);
      const sin2 = sine(t2k);
      const gravity2 = elbowGravity(t1k, t2k);
      const torque1 = shoulderTorque(t1k, v1k, v2k, sin2, gravity2);
      const b = elbowAcceleration(v1k, cos2, sin2, torque, torque1, gravity2);
      const a = shoulderAcceleration(cos2, torque1, b);
      const factor = stage === 0 || stage === 3 ? 1 : 2;
      dt1 += factor * v1k;
      dt2 += factor * v2k;
      dv1 += factor * a;
      dv2 += factor * b;
      const ahead = stage === 2 ? STEP : HALF_STEP;
      t1k = t1 + ahead * v1k;
      t2k = t2 + ahead * v2k;
      v1k = v1 + ahead * a;
      v2k = v2 + ahead * b;
    }
    const sixth = STEP / 6.0;
    const theta1 = wrap(t1 + sixth * dt1);
    const theta2 = wrap(t2 + sixth * dt2);
    const velocity1 = bound(v1 + sixth * dv1, MAX_VELOCITY1);
    const velocity2 = bound(v2 + sixth * dv2, MAX_VELOCITY2);
    f64[at] = theta1;
    f64[at + count] = theta2;
    f64[at + 2 * count] = velocity1;
    f64[at + 3 * count] = velocity2;
    const cosine1 = cosine(theta1);
    f32[observation] = cosine1;
    f32[observation + count] = sine(theta1);
    f32[observation + 2 * count] = cosine(theta2);
    f32[observation + 3 * count] = sine(theta2);
    f32[observation + 4 * count] = velocity1;
    f32[observation + 5 * count] = velocity2;
    return -cosine1 - cosine(theta2 + theta1) > 1;
  }

  return {
    /**
     * One step of `count` pendulums of Gymnasium's Acrobot-v1: fourth-order Runge-Kutta over 0.2 s.
     * state (4, count) float64, updated in place: both angles in rad, both angular velocities in rad/s.
     * observation (6, count): cosine and sine of the first angle, of the second angle, then the velocities.
     * force (count) float64: torque between the links in N m. terminated (count) u32: 1 if the tip is more than 1 m above the axis,
     * else 0. Returns the number of terminated ones.
     */
    acrobotStep(
      statePtr: number,
      observationPtr: number,
      terminatedPtr: number,
      forcePtr: number,
      count: number,
    ): number {
      const state = statePtr >>> 3;
      const observation = observationPtr >>> 2;
      const terminated = terminatedPtr >>> 2;
      const forces = forcePtr >>> 3;
      let ended = 0;
      for (let k = 0; k < count; k++) {
        const up = stepOne(state + k, observation + k, f64[forces + k]!, count) ? 1 : 0;
        u32[terminated + k] = up;
        ended += up;
      }
      return ended;
    },
  };
}

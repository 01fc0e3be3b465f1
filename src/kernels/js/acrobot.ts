import { elbowAcceleration, shoulderAcceleration } from "../../../assembly/acrobotDynamics.ts";
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

export function acrobotKernels(f32: Float32Array, f64: Float64Array) {
  return {
    /**
     * One step of Gymnasium's Acrobot-v1: fourth-order Runge-Kutta over 0.2 s.
     * state (4) float64, updated in place: both angles in rad, both angular velocities in rad/s.
     * observation (6): cosine and sine of the first angle, of the second angle, then the velocities.
     * action 0, 1, 2: a torque of -1, 0, 1 N m. Returns 1 if the tip is more than 1 m above the axis, else 0.
     */
    acrobotStep(statePtr: number, observationPtr: number, action: number): number {
      const state = statePtr >>> 3;
      const observation = observationPtr >>> 2;
      const torque = action - 1;
      const t1 = f64[state]!;
      const t2 = f64[state + 1]!;
      const v1 = f64[state + 2]!;
      const v2 = f64[state + 3]!;

      let t1k = t1;
      let t2k = t2;
      let v1k = v1;
      let v2k = v2;
      let dt1 = 0;
      let dt2 = 0;
      let dv1 = 0;
      let dv2 = 0;
      for (let stage = 0; stage < 4; stage++) {
        const b = elbowAcceleration(t1k, t2k, v1k, v2k, torque);
        const a = shoulderAcceleration(t1k, t2k, v1k, v2k, b);
        const share = stage === 0 || stage === 3 ? 1 : 2;
        dt1 += share * v1k;
        dt2 += share * v2k;
        dv1 += share * a;
        dv2 += share * b;
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
      f64[state] = theta1;
      f64[state + 1] = theta2;
      f64[state + 2] = velocity1;
      f64[state + 3] = velocity2;
      const cosine1 = cosine(theta1);
      f32[observation] = cosine1;
      f32[observation + 1] = sine(theta1);
      f32[observation + 2] = cosine(theta2);
      f32[observation + 3] = sine(theta2);
      f32[observation + 4] = velocity1;
      f32[observation + 5] = velocity2;
      return -cosine1 - cosine(theta2 + theta1) > 1 ? 1 : 0;
    },
  };
}

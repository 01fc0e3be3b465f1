import { elbowAcceleration, shoulderAcceleration } from "../../../assembly/acrobotDynamics.ts";
import { cosine, sine } from "../../../assembly/trigonometry.ts";
import type { Kernels } from "../kernels.ts";

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

/** Acrobot in plain JavaScript; the views span the whole memory. */
export function acrobotKernels(f32: Float32Array, f64: Float64Array): Pick<Kernels, "acrobotStep"> {
  return {
    acrobotStep(statePtr, observationPtr, action) {
      const state = statePtr >>> 3;
      const observation = observationPtr >>> 2;
      const torque = action - 1;
      const t1 = f64[state]!;
      const t2 = f64[state + 1]!;
      const v1 = f64[state + 2]!;
      const v2 = f64[state + 3]!;

      const b1 = elbowAcceleration(t1, t2, v1, v2, torque);
      const a1 = shoulderAcceleration(t1, t2, v1, v2, b1);

      const t1b = t1 + HALF_STEP * v1;
      const t2b = t2 + HALF_STEP * v2;
      const v1b = v1 + HALF_STEP * a1;
      const v2b = v2 + HALF_STEP * b1;
      const b2 = elbowAcceleration(t1b, t2b, v1b, v2b, torque);
      const a2 = shoulderAcceleration(t1b, t2b, v1b, v2b, b2);

      const t1c = t1 + HALF_STEP * v1b;
      const t2c = t2 + HALF_STEP * v2b;
      const v1c = v1 + HALF_STEP * a2;
      const v2c = v2 + HALF_STEP * b2;
      const b3 = elbowAcceleration(t1c, t2c, v1c, v2c, torque);
      const a3 = shoulderAcceleration(t1c, t2c, v1c, v2c, b3);

      const t1d = t1 + STEP * v1c;
      const t2d = t2 + STEP * v2c;
      const v1d = v1 + STEP * a3;
      const v2d = v2 + STEP * b3;
      const b4 = elbowAcceleration(t1d, t2d, v1d, v2d, torque);
      const a4 = shoulderAcceleration(t1d, t2d, v1d, v2d, b4);

      const sixth = STEP / 6.0;
      const theta1 = wrap(t1 + sixth * (v1 + 2.0 * v1b + 2.0 * v1c + v1d));
      const theta2 = wrap(t2 + sixth * (v2 + 2.0 * v2b + 2.0 * v2c + v2d));
      const velocity1 = bound(v1 + sixth * (a1 + 2.0 * a2 + 2.0 * a3 + a4), MAX_VELOCITY1);
      const velocity2 = bound(v2 + sixth * (b1 + 2.0 * b2 + 2.0 * b3 + b4), MAX_VELOCITY2);
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

// Acrobot as in Gymnasium's Acrobot-v1 (Sutton 1996): a Runge-Kutta step of 0.2 s in float64, observations in float32.
import { elbowAcceleration, shoulderAcceleration } from "./acrobotDynamics";
import { cosine, sine } from "./trigonometry";

const STEP: f64 = 0.2;
const HALF_STEP: f64 = 0.1;
const PI: f64 = 3.141592653589793;
const MAX_VELOCITY1: f64 = 12.566370614359172;
const MAX_VELOCITY2: f64 = 28.274333882308138;

function wrap(angle: f64): f64 {
  while (angle > PI) angle -= 2.0 * PI;
  while (angle < -PI) angle += 2.0 * PI;
  return angle;
}

function bound(value: f64, limit: f64): f64 {
  return value < -limit ? -limit : value > limit ? limit : value;
}

/**
 * One step. state (4) float64: both angles rad, both angular velocities rad/s; it is updated. observation (6) float32: cosine and
 * sine of the first angle, of the second, then the velocities. action: 0, 1, 2 for a torque of -1, 0, 1 N m.
 * Returns 1 where the tip is a link's length above the axis.
 */
export function acrobotStep(statePtr: usize, observationPtr: usize, action: i32): i32 {
  const torque = <f64>action - 1.0;
  const t1 = load<f64>(statePtr);
  const t2 = load<f64>(statePtr, 8);
  const v1 = load<f64>(statePtr, 16);
  const v2 = load<f64>(statePtr, 24);

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
  store<f64>(statePtr, theta1);
  store<f64>(statePtr, theta2, 8);
  store<f64>(statePtr, velocity1, 16);
  store<f64>(statePtr, velocity2, 24);
  const cosine1 = cosine(theta1);
  store<f32>(observationPtr, <f32>cosine1);
  store<f32>(observationPtr, <f32>sine(theta1), 4);
  store<f32>(observationPtr, <f32>cosine(theta2), 8);
  store<f32>(observationPtr, <f32>sine(theta2), 12);
  store<f32>(observationPtr, <f32>velocity1, 16);
  store<f32>(observationPtr, <f32>velocity2, 20);
  return i32(-cosine1 - cosine(theta2 + theta1) > 1.0);
}

// Acrobot (Sutton 1996). Contract: src/kernels/js/acrobot.ts.

import {
  elbowAcceleration,
  elbowGravity,
  shoulderAcceleration,
  shoulderTorque,
} from "./acrobotDynamics";
import { assertAligned } from "./simd";
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

export function acrobotStep(
  statePtr: usize,
  observationPtr: usize,
  terminatedPtr: usize,
  forcePtr: usize,
  count: i32,
): i32 {
  assertAligned(statePtr | forcePtr, 8);
  assertAligned(observationPtr | terminatedPtr, 4);
  const stride = (<usize>count) << 3;
  let ended = 0;
  for (let k = 0; k < count; ++k) {
    const at = statePtr + ((<usize>k) << 3);
    const word = (<usize>k) << 2;
    const torque = load<f64>(forcePtr + ((<usize>k) << 3));
    const terminated = stepOne(at, observationPtr + word, torque, stride);
    store<u32>(terminatedPtr + word, terminated);
    ended += terminated;
  }
  return ended;
}

function stepOne(at: usize, observation: usize, torque: f64, stride: usize): i32 {
  const t1 = load<f64>(at);
  const t2 = load<f64>(at + stride);
  const v1 = load<f64>(at + 2 * stride);
  const v2 = load<f64>(at + 3 * stride);

  // The stage's state, and the weighted sums of the derivatives: weights 1, 2, 2, 1.
  let t1k = t1;
  let t2k = t2;
  let v1k = v1;
  let v2k = v2;
  let dt1: f64 = 0;
  let dt2: f64 = 0;
  let dv1: f64 = 0;
  let dv2: f64 = 0;
  for (let stage = 0; stage < 4; ++stage) {
    const cos2 = cosine(t2k);
    const sin2 = sine(t2k);
    const gravity2 = elbowGravity(t1k, t2k);
    const torque1 = shoulderTorque(t1k, v1k, v2k, sin2, gravity2);
    const b = elbowAcceleration(v1k, cos2, sin2, torque, torque1, gravity2);
    const a = shoulderAcceleration(cos2, torque1, b);
    const factor: f64 = stage === 0 || stage === 3 ? 1.0 : 2.0;
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
  store<f64>(at, theta1);
  store<f64>(at + stride, theta2);
  store<f64>(at + 2 * stride, velocity1);
  store<f64>(at + 3 * stride, velocity2);
  const cosine1 = cosine(theta1);
  const halfStride = stride >> 1;
  store<f32>(observation, <f32>cosine1);
  store<f32>(observation + halfStride, <f32>sine(theta1));
  store<f32>(observation + 2 * halfStride, <f32>cosine(theta2));
  store<f32>(observation + 3 * halfStride, <f32>sine(theta2));
  store<f32>(observation + 4 * halfStride, <f32>velocity1);
  store<f32>(observation + 5 * halfStride, <f32>velocity2);
  return i32(-cosine1 - cosine(theta2 + theta1) > 1.0);
}

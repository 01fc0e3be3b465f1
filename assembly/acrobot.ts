// Acrobot (Sutton 1996). Contract: src/kernels/js/acrobot.ts.

import { elbowAcceleration, shoulderAcceleration } from "./acrobotDynamics";
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

export function acrobotStep(statePtr: usize, observationPtr: usize, action: i32): i32 {
  assertAligned(statePtr, 8);
  assertAligned(observationPtr, 4);
  const torque = <f64>action - 1.0;
  const t1 = load<f64>(statePtr);
  const t2 = load<f64>(statePtr, 8);
  const v1 = load<f64>(statePtr, 16);
  const v2 = load<f64>(statePtr, 24);

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
    const b = elbowAcceleration(t1k, t2k, v1k, v2k, torque);
    const a = shoulderAcceleration(t1k, t2k, v1k, v2k, b);
    const share: f64 = stage === 0 || stage === 3 ? 1.0 : 2.0;
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

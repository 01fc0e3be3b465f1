// CartPole (Barto, Sutton & Anderson 1983). Contract: src/kernels/js/cartPole.ts.
import { assertAligned } from "./simd";
import { cosine, cosineNearZero, sine, sineNearZero } from "./trigonometry";

const GRAVITY: f64 = 9.8;
const POLE_MASS: f64 = 0.1;
const TOTAL_MASS: f64 = 1.1;
const HALF_LENGTH: f64 = 0.5;
const POLE_MASS_LENGTH: f64 = 0.05;
const STEP_SECONDS: f64 = 0.02;
const POSITION_LIMIT: f64 = 2.4;
const ANGLE_LIMIT: f64 = 0.20943951023931953;
/** Up to this angle, just below pi/4, sineNearZero and cosineNearZero return the same bits as sine and cosine. */
const NEAR_ZERO: f64 = 0.78;

export function cartPoleStep(
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
  let k = 0;
  for (; k + 2 <= count; k += 2) {
    const angle = v128.load(statePtr + 2 * stride + ((<usize>k) << 3));
    const small = f64x2.le(f64x2.abs(angle), f64x2.splat(NEAR_ZERO));
    if (i64x2.all_true(small)) {
      ended += stepPair(statePtr, observationPtr, terminatedPtr, forcePtr, stride, k);
    } else {
      ended += stepOne(statePtr, observationPtr, terminatedPtr, forcePtr, stride, k);
      ended += stepOne(statePtr, observationPtr, terminatedPtr, forcePtr, stride, k + 1);
    }
  }
  if (k < count) ended += stepOne(statePtr, observationPtr, terminatedPtr, forcePtr, stride, k);
  return ended;
}

function stepOne(
  statePtr: usize,
  observationPtr: usize,
  terminatedPtr: usize,
  forcePtr: usize,
  stride: usize,
  k: i32,
): i32 {
  const at = statePtr + ((<usize>k) << 3);
  const word = (<usize>k) << 2;
  let x = load<f64>(at);
  let xDot = load<f64>(at + stride);
  let theta = load<f64>(at + 2 * stride);
  let thetaDot = load<f64>(at + 3 * stride);
  const force = load<f64>(forcePtr + ((<usize>k) << 3));
  const near = abs(theta) <= NEAR_ZERO;
  const sin = near ? sineNearZero(theta) : sine(theta);
  const cos = near ? cosineNearZero(theta) : cosine(theta);
  const push = (force + POLE_MASS_LENGTH * thetaDot * thetaDot * sin) / TOTAL_MASS;
  const thetaAcceleration =
    (GRAVITY * sin - cos * push) /
    (HALF_LENGTH * (4.0 / 3.0 - (POLE_MASS * cos * cos) / TOTAL_MASS));
  const acceleration = push - (POLE_MASS_LENGTH * thetaAcceleration * cos) / TOTAL_MASS;
  x += STEP_SECONDS * xDot;
  xDot += STEP_SECONDS * acceleration;
  theta += STEP_SECONDS * thetaDot;
  thetaDot += STEP_SECONDS * thetaAcceleration;
  store<f64>(at, x);
  store<f64>(at + stride, xDot);
  store<f64>(at + 2 * stride, theta);
  store<f64>(at + 3 * stride, thetaDot);
  const halfStride = stride >> 1;
  store<f32>(observationPtr + word, <f32>x);
  store<f32>(observationPtr + halfStride + word, <f32>xDot);
  store<f32>(observationPtr + 2 * halfStride + word, <f32>theta);
  store<f32>(observationPtr + 3 * halfStride + word, <f32>thetaDot);
  const terminated = i32(abs(x) > POSITION_LIMIT) | i32(abs(theta) > ANGLE_LIMIT);
  store<u32>(terminatedPtr + word, terminated);
  return terminated;
}

/** Steps two carts, both with |angle| <= NEAR_ZERO: the arithmetic of stepOne in two lanes. */
function stepPair(
  statePtr: usize,
  observationPtr: usize,
  terminatedPtr: usize,
  forcePtr: usize,
  stride: usize,
  k: i32,
): i32 {
  const at = statePtr + ((<usize>k) << 3);
  const word = (<usize>k) << 2;
  let x = v128.load(at);
  let xDot = v128.load(at + stride);
  let theta = v128.load(at + 2 * stride);
  let thetaDot = v128.load(at + 3 * stride);
  const force = v128.load(forcePtr + ((<usize>k) << 3));

  const z = f64x2.mul(theta, theta);
  let s = f64x2.splat(1.0 / 355687428096000.0);
  let c = f64x2.splat(1.0 / 20922789888000.0);
  s = f64x2.sub(f64x2.mul(s, z), f64x2.splat(1.0 / 1307674368000.0));
  c = f64x2.sub(f64x2.mul(c, z), f64x2.splat(1.0 / 87178291200.0));
  s = f64x2.add(f64x2.mul(s, z), f64x2.splat(1.0 / 6227020800.0));
  c = f64x2.add(f64x2.mul(c, z), f64x2.splat(1.0 / 479001600.0));
  s = f64x2.sub(f64x2.mul(s, z), f64x2.splat(1.0 / 39916800.0));
  c = f64x2.sub(f64x2.mul(c, z), f64x2.splat(1.0 / 3628800.0));
  s = f64x2.add(f64x2.mul(s, z), f64x2.splat(1.0 / 362880.0));
  c = f64x2.add(f64x2.mul(c, z), f64x2.splat(1.0 / 40320.0));
  s = f64x2.sub(f64x2.mul(s, z), f64x2.splat(1.0 / 5040.0));
  c = f64x2.sub(f64x2.mul(c, z), f64x2.splat(1.0 / 720.0));
  s = f64x2.add(f64x2.mul(s, z), f64x2.splat(1.0 / 120.0));
  c = f64x2.add(f64x2.mul(c, z), f64x2.splat(1.0 / 24.0));
  s = f64x2.sub(f64x2.mul(s, z), f64x2.splat(1.0 / 6.0));
  c = f64x2.sub(f64x2.mul(c, z), f64x2.splat(0.5));
  const sin = f64x2.add(theta, f64x2.mul(f64x2.mul(theta, z), s));
  const cos = f64x2.add(f64x2.splat(1.0), f64x2.mul(z, c));

  const poleMassLength = f64x2.splat(POLE_MASS_LENGTH);
  const totalMass = f64x2.splat(TOTAL_MASS);
  const dt = f64x2.splat(STEP_SECONDS);
  const swing = f64x2.mul(f64x2.mul(f64x2.mul(poleMassLength, thetaDot), thetaDot), sin);
  const push = f64x2.div(f64x2.add(force, swing), totalMass);
  const torque = f64x2.sub(f64x2.mul(f64x2.splat(GRAVITY), sin), f64x2.mul(cos, push));
  const poleShare = f64x2.mul(f64x2.mul(f64x2.splat(POLE_MASS), cos), cos);
  const inertia = f64x2.mul(
    f64x2.splat(HALF_LENGTH),
    f64x2.sub(f64x2.splat(4.0 / 3.0), f64x2.div(poleShare, totalMass)),
  );
  const thetaAcceleration = f64x2.div(torque, inertia);
  const reaction = f64x2.mul(f64x2.mul(poleMassLength, thetaAcceleration), cos);
  const acceleration = f64x2.sub(push, f64x2.div(reaction, totalMass));
  x = f64x2.add(x, f64x2.mul(dt, xDot));
  xDot = f64x2.add(xDot, f64x2.mul(dt, acceleration));
  theta = f64x2.add(theta, f64x2.mul(dt, thetaDot));
  thetaDot = f64x2.add(thetaDot, f64x2.mul(dt, thetaAcceleration));
  v128.store(at, x);
  v128.store(at + stride, xDot);
  v128.store(at + 2 * stride, theta);
  v128.store(at + 3 * stride, thetaDot);
  const halfStride = stride >> 1;
  const observation = observationPtr + word;
  v128.store64_lane(observation, f32x4.demote_f64x2_zero(x), 0);
  v128.store64_lane(observation + halfStride, f32x4.demote_f64x2_zero(xDot), 0);
  v128.store64_lane(observation + 2 * halfStride, f32x4.demote_f64x2_zero(theta), 0);
  v128.store64_lane(observation + 3 * halfStride, f32x4.demote_f64x2_zero(thetaDot), 0);
  const outside = v128.or(
    f64x2.gt(f64x2.abs(x), f64x2.splat(POSITION_LIMIT)),
    f64x2.gt(f64x2.abs(theta), f64x2.splat(ANGLE_LIMIT)),
  );
  const bits = i64x2.bitmask(outside);
  store<u32>(terminatedPtr + word, bits & 1);
  store<u32>(terminatedPtr + word, bits >> 1, 4);
  return (bits & 1) + (bits >> 1);
}

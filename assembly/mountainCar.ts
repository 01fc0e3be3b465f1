// MountainCar (Moore 1990). Contract: src/kernels/js/mountainCar.ts.
import { assertAligned } from "./simd";
import { cosine } from "./trigonometry";

const FORCE: f64 = 0.001;
const GRAVITY: f64 = 0.0025;
const MAX_SPEED: f64 = 0.07;
const MIN_POSITION: f64 = -1.2;
const MAX_POSITION: f64 = 0.6;
const GOAL_POSITION: f64 = 0.5;

export function mountainCarStep(statePtr: usize, observationPtr: usize, action: i32): i32 {
  assertAligned(statePtr, 8);
  assertAligned(observationPtr, 4);
  let position = load<f64>(statePtr);
  let velocity = load<f64>(statePtr, 8);
  velocity += (<f64>action - 1.0) * FORCE - cosine(3.0 * position) * GRAVITY;
  if (velocity > MAX_SPEED) velocity = MAX_SPEED;
  if (velocity < -MAX_SPEED) velocity = -MAX_SPEED;
  position += velocity;
  if (position > MAX_POSITION) position = MAX_POSITION;
  if (position < MIN_POSITION) position = MIN_POSITION;
  if (position === MIN_POSITION && velocity < 0.0) velocity = 0.0;
  store<f64>(statePtr, position);
  store<f64>(statePtr, velocity, 8);
  store<f32>(observationPtr, <f32>position);
  store<f32>(observationPtr, <f32>velocity, 4);
  return i32(position >= GOAL_POSITION) & i32(velocity >= 0.0);
}

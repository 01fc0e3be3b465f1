// MountainCar (Moore 1990). Contract: src/kernels/js/mountainCar.ts.
import { assertAligned } from "./simd";
import { cosine } from "./trigonometry";

const FORCE: f64 = 0.001;
const GRAVITY: f64 = 0.0025;
const MAX_SPEED: f64 = 0.07;
const MIN_POSITION: f64 = -1.2;
const MAX_POSITION: f64 = 0.6;
const GOAL_POSITION: f64 = 0.5;

export function mountainCarStep(
  statePtr: usize,
  observationPtr: usize,
  terminatedPtr: usize,
  forcePtr: usize,
  count: i32,
): i32 {
  assertAligned(statePtr | forcePtr, 8);
  assertAligned(observationPtr | terminatedPtr, 4);
  const stride = (<usize>count) << 3;
  const halfStride = stride >> 1;
  let ended = 0;
  for (let k = 0; k < count; ++k) {
    const at = statePtr + ((<usize>k) << 3);
    const word = (<usize>k) << 2;
    let position = load<f64>(at);
    let velocity = load<f64>(at + stride);
    const force = load<f64>(forcePtr + ((<usize>k) << 3));
    velocity += force * FORCE - cosine(3.0 * position) * GRAVITY;
    if (velocity > MAX_SPEED) velocity = MAX_SPEED;
    if (velocity < -MAX_SPEED) velocity = -MAX_SPEED;
    position += velocity;
    if (position > MAX_POSITION) position = MAX_POSITION;
    if (position < MIN_POSITION) position = MIN_POSITION;
    if (position === MIN_POSITION && velocity < 0.0) velocity = 0.0;
    store<f64>(at, position);
    store<f64>(at + stride, velocity);
    store<f32>(observationPtr + word, <f32>position);
    store<f32>(observationPtr + halfStride + word, <f32>velocity);
    const terminated = i32(position >= GOAL_POSITION) & i32(velocity >= 0.0);
    store<u32>(terminatedPtr + word, terminated);
    ended += terminated;
  }
  return ended;
}

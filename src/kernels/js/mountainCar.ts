import { cosine } from "../../../assembly/trigonometry.ts";

const FORCE = 0.001;
const GRAVITY = 0.0025;
const MAX_SPEED = 0.07;
const MIN_POSITION = -1.2;
const MAX_POSITION = 0.6;
const GOAL_POSITION = 0.5;

export function mountainCarKernels(f32: Float32Array, f64: Float64Array) {
  return {
    /**
     * One step of Gymnasium's MountainCar-v0 (Moore 1990). state (2) float64, updated in place: position, velocity.
     * observation (2): the new state. action 0, 1, 2: push left, none, right. Returns 1 at the goal, else 0.
     */
    mountainCarStep(statePtr: number, observationPtr: number, action: number): number {
      const state = statePtr >>> 3;
      const observation = observationPtr >>> 2;
      let position = f64[state]!;
      let velocity = f64[state + 1]!;
      velocity += (action - 1) * FORCE - cosine(3 * position) * GRAVITY;
      if (velocity > MAX_SPEED) velocity = MAX_SPEED;
      if (velocity < -MAX_SPEED) velocity = -MAX_SPEED;
      position += velocity;
      if (position > MAX_POSITION) position = MAX_POSITION;
      if (position < MIN_POSITION) position = MIN_POSITION;
      if (position === MIN_POSITION && velocity < 0) velocity = 0;
      f64[state] = position;
      f64[state + 1] = velocity;
      f32[observation] = position;
      f32[observation + 1] = velocity;
      return position >= GOAL_POSITION && velocity >= 0 ? 1 : 0;
    },
  };
}

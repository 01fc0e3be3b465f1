import { cosine } from "../../../assembly/trigonometry.ts";

const FORCE = 0.001;
const GRAVITY = 0.0025;
const MAX_SPEED = 0.07;
const MIN_POSITION = -1.2;
const MAX_POSITION = 0.6;
const GOAL_POSITION = 0.5;

export function mountainCarKernels(f32: Float32Array, f64: Float64Array, u32: Uint32Array) {
  return {
    /**
     * One step of `count` cars of Gymnasium's MountainCar-v0 (Moore 1990).
     * state (2, count) float64, updated in place: position, velocity. observation (2, count): the new state.
     * force (count) float64: -1 left, 0 none, 1 right. terminated (count) u32: 1 at the goal, else 0.
     * Returns the number of terminated ones.
     */
    mountainCarStep(
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
        const at = state + k;
        let position = f64[at]!;
        let velocity = f64[at + count]!;
        velocity += f64[forces + k]! * FORCE - cosine(3 * position) * GRAVITY;
        if (velocity > MAX_SPEED) velocity = MAX_SPEED;
        if (velocity < -MAX_SPEED) velocity = -MAX_SPEED;
        position += velocity;
        if (position > MAX_POSITION) position = MAX_POSITION;
        if (position < MIN_POSITION) position = MIN_POSITION;
        if (position === MIN_POSITION && velocity < 0) velocity = 0;
        f64[at] = position;
        f64[at + count] = velocity;
        f32[observation + k] = position;
        f32[observation + count + k] = velocity;
        const arrived = position >= GOAL_POSITION && velocity >= 0 ? 1 : 0;
        u32[terminated + k] = arrived;
        ended += arrived;
      }
      return ended;
    },
  };
}

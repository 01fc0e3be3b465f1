import { cosine, cosineNearZero, sine, sineNearZero } from "../../../assembly/trigonometry.ts";

const GRAVITY = 9.8;
const POLE_MASS = 0.1;
const TOTAL_MASS = 1.1;
const HALF_LENGTH = 0.5;
const POLE_MASS_LENGTH = 0.05;
const STEP_SECONDS = 0.02;
const POSITION_LIMIT = 2.4;
const ANGLE_LIMIT = 0.20943951023931953;
const NEAR_ZERO = 0.78;

export function cartPoleKernels(f32: Float32Array, f64: Float64Array, u32: Uint32Array) {
  return {
    /**
     * One step of `count` CartPoles of Gymnasium's CartPole-v1: explicit Euler over 0.02 s; positions move with the old velocities.
     * state (4, count) float64, updated in place: position m, velocity m/s, angle rad, angular velocity rad/s.
     * observation (4, count): the new state. force (count) float64: N to the right. terminated (count) u32: 1 if |position| > 2.4 m or
     * |angle| > 12 degrees, else 0. Returns the number of terminated ones.
     */
    cartPoleStep(
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
        let x = f64[at]!;
        let xDot = f64[at + count]!;
        let theta = f64[at + 2 * count]!;
        let thetaDot = f64[at + 3 * count]!;
        const force = f64[forces + k]!;
        const near = Math.abs(theta) <= NEAR_ZERO;
        const sin = near ? sineNearZero(theta) : sine(theta);
        const cos = near ? cosineNearZero(theta) : cosine(theta);
        const push = (force + POLE_MASS_LENGTH * thetaDot * thetaDot * sin) / TOTAL_MASS;
        const thetaAcceleration =
          (GRAVITY * sin - cos * push) /
          (HALF_LENGTH * (4 / 3 - (POLE_MASS * cos * cos) / TOTAL_MASS));
        const acceleration = push - (POLE_MASS_LENGTH * thetaAcceleration * cos) / TOTAL_MASS;
        x += STEP_SECONDS * xDot;
        xDot += STEP_SECONDS * acceleration;
        theta += STEP_SECONDS * thetaDot;
        thetaDot += STEP_SECONDS * thetaAcceleration;
        f64[at] = x;
        f64[at + count] = xDot;
        f64[at + 2 * count] = theta;
        f64[at + 3 * count] = thetaDot;
        f32[observation + k] = x;
        f32[observation + count + k] = xDot;
        f32[observation + 2 * count + k] = theta;
        f32[observation + 3 * count + k] = thetaDot;
        const outside = Math.abs(x) > POSITION_LIMIT || Math.abs(theta) > ANGLE_LIMIT ? 1 : 0;
        u32[terminated + k] = outside;
        ended += outside;
      }
      return ended;
    },
  };
}

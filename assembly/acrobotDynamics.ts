// The double pendulum of Gymnasium's Acrobot-v1 ("book" dynamics, Sutton & Barto). Both links have mass 1 kg, length 1 m, centre of
// mass at 0.5 m and moment of inertia 1 kg m^2. Valid AssemblyScript and TypeScript: both backends compile this file.
import { cosine, sine } from "./trigonometry.ts";

const GRAVITY: number = 9.8;
const HALF_PI: number = 1.5707963267948966;

/** Angular acceleration of the second link in rad/s^2. Angles in rad, velocities in rad/s, torque between the links in N m. */
export function elbowAcceleration(
  theta1: number,
  theta2: number,
  velocity1: number,
  velocity2: number,
  torque: number,
): number {
  const cos2 = cosine(theta2);
  const sin2 = sine(theta2);
  const d1 = shoulderInertia(cos2);
  const d2 = couplingInertia(cos2);
  const phi1 = gravityTorque(theta1, theta2, velocity1, velocity2, sin2);
  const phi2 = GRAVITY * 0.5 * cosine(theta1 + theta2 - HALF_PI);
  return (
    (torque + (d2 / d1) * phi1 - 0.5 * velocity1 * velocity1 * sin2 - phi2) /
    (0.25 + 1.0 - (d2 * d2) / d1)
  );
}

/** Angular acceleration of the first link in rad/s^2; `elbow` is that of the second. */
export function shoulderAcceleration(
  theta1: number,
  theta2: number,
  velocity1: number,
  velocity2: number,
  elbow: number,
): number {
  const cos2 = cosine(theta2);
  const sin2 = sine(theta2);
  const phi1 = gravityTorque(theta1, theta2, velocity1, velocity2, sin2);
  return -(couplingInertia(cos2) * elbow + phi1) / shoulderInertia(cos2);
}

function shoulderInertia(cos2: number): number {
  return 0.25 + (1.0 + 0.25 + cos2) + 1.0 + 1.0;
}

function couplingInertia(cos2: number): number {
  return 0.25 + 0.5 * cos2 + 1.0;
}

function gravityTorque(
  theta1: number,
  theta2: number,
  velocity1: number,
  velocity2: number,
  sin2: number,
): number {
  return (
    -0.5 * velocity2 * velocity2 * sin2 -
    velocity2 * velocity1 * sin2 +
    1.5 * GRAVITY * cosine(theta1 - HALF_PI) +
    GRAVITY * 0.5 * cosine(theta1 + theta2 - HALF_PI)
  );
}

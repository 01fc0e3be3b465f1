// The double pendulum of Gymnasium's Acrobot-v1 ("book" dynamics, Sutton & Barto). Both links have mass 1 kg, length 1 m, centre of
// mass at 0.5 m and moment of inertia 1 kg m^2. Valid AssemblyScript and TypeScript: both backends compile this file.
import { cosine } from "./trigonometry.ts";

const GRAVITY: number = 9.8;
const HALF_PI: number = 1.5707963267948966;

/** Torque of gravity on the second link in N m, from the angles in rad. */
export function elbowGravity(theta1: number, theta2: number): number {
  return GRAVITY * 0.5 * cosine(theta1 + theta2 - HALF_PI);
}

/** Torque of gravity and rotation on the first link in N m. `gravity2` is the result of `elbowGravity`, sin2 the sine of theta2. */
export function shoulderTorque(
  theta1: number,
  velocity1: number,
  velocity2: number,
  sin2: number,
  gravity2: number,
): number {
  return (
    -0.5 * velocity2 * velocity2 * sin2 -
    velocity2 * velocity1 * sin2 +
    1.5 * GRAVITY * cosine(theta1 - HALF_PI) +
    gravity2
  );
}

/** Angular acceleration of the second link in rad/s^2. `torque` acts between the links, `torque1` is the result of `shoulderTorque`. */
export function elbowAcceleration(
  velocity1: number,
  cos2: number,
  sin2: number,
  torque: number,
  torque1: number,
  gravity2: number,
): number {
  const d1 = shoulderInertia(cos2);
  const d2 = couplingInertia(cos2);
  return (
    (torque + (d2 / d1) * torque1 - 0.5 * velocity1 * velocity1 * sin2 - gravity2) /
    (0.25 + 1.0 - (d2 * d2) / d1)
  );
}

/** Angular acceleration of the first link in rad/s^2. `elbow` is that of the second, `torque1` the result of `shoulderTorque`. */
export function shoulderAcceleration(cos2: number, torque1: number, elbow: number): number {
  return -(couplingInertia(cos2) * elbow + torque1) / shoulderInertia(cos2);
}

function shoulderInertia(cos2: number): number {
  return 0.25 + (1.0 + 0.25 + cos2) + 1.0 + 1.0;
}

function couplingInertia(cos2: number): number {
  return 0.25 + 0.5 * cos2 + 1.0;
}

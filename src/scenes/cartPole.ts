import { degrees, type Point, radians, stroke, type View } from "./scene.ts";

/** CartPole, in metres. The pole has its full length of 1 m. */
export const cartPoleView: View = {
  environments: ["CartPole-v1", "CartPole-v0"],
  scene({ targetPosition }) {
    const target = targetPosition ?? 0;
    return {
      left: -2.7,
      right: 2.7,
      bottom: -0.25,
      top: 1.3,
      secondsPerStep: 0.02,
      handle: (observation) => [observation[0]! + target, 0],
      strokes(observation) {
        const x = observation[0]! + target;
        const angle = observation[2]!;
        const tip: Point = [x + Math.sin(angle), 0.06 + Math.cos(angle)];
        const background = [
          stroke(0, 0.02, [-2.7, -0.13], [2.7, -0.13]),
          stroke(0, 0.03, [-2.4, -0.2], [-2.4, -0.06]),
          stroke(0, 0.03, [2.4, -0.2], [2.4, -0.06]),
        ];
        if (targetPosition !== null) {
          background.push(stroke(0, 0.05, [target, -0.2], [target, -0.13]));
        }
        const cart = stroke(1, 0.22, [x - 0.2, 0], [x + 0.2, 0]);
        return [...background, cart, stroke(2, 0.07, [x, 0.06], tip)];
      },
    };
  },
  qValueAxes: {
    x: { name: "pole angle, degrees", from: -12, to: 12 },
    y: { name: "angular velocity, rad/s", from: -2.5, to: 2.5 },
    observationAt: (x, y) => [0, 0, radians(x), y],
    pointOf: (observation) => [degrees(observation[2]!), observation[3]!],
  },
  example: [0.3, 0, 0.16, 0],
  push: { stateIndex: 1, unit: 1, limit: 3 },
};

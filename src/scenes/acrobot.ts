import { degrees, type Point, radians, stroke, type View } from "./scene.ts";

/** Acrobot: two links of 1 m that hang from the origin. The goal line is 1 m above it. */
export const acrobotView: View = {
  environments: ["Acrobot-v1"],
  scene: () => ({
    left: -3.2,
    right: 3.2,
    bottom: -2.2,
    top: 2.2,
    secondsPerStep: 1 / 15,
    handle: () => null,
    strokes(observation) {
      const first = Math.atan2(observation[1]!, observation[0]!);
      const second = first + Math.atan2(observation[3]!, observation[2]!);
      const elbow: Point = [Math.sin(first), -Math.cos(first)];
      const tip: Point = [elbow[0] + Math.sin(second), elbow[1] - Math.cos(second)];
      return [
        stroke(0, 0.03, [-3.2, 1], [3.2, 1]),
        stroke(1, 0.16, [0, 0], elbow),
        stroke(2, 0.12, elbow, tip),
      ];
    },
  }),
  qValueAxes: {
    x: { name: "angle of the first link, degrees", from: -180, to: 180 },
    y: { name: "angle of the second link, degrees", from: -180, to: 180 },
    observationAt(x, y) {
      const [first, second] = [radians(x), radians(y)];
      return [Math.cos(first), Math.sin(first), Math.cos(second), Math.sin(second), 0, 0];
    },
    pointOf: (observation) => [
      degrees(Math.atan2(observation[1]!, observation[0]!)),
      degrees(Math.atan2(observation[3]!, observation[2]!)),
    ],
  },
  example: [Math.cos(0.7), Math.sin(0.7), Math.cos(0.9), Math.sin(0.9), 0, 0],
  push: { stateIndex: 3, unit: 2, limit: 28 },
};

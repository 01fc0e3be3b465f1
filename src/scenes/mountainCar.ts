import { type Point, stroke, type View } from "./scene.ts";

/** Height of the hill: sin(3 x), scaled as in Gymnasium's renderer. */
const height = (x: number) => 0.45 * Math.sin(3 * x) + 0.55;

const hill = Array.from({ length: 61 }, (_, k): Point => {
  const x = -1.2 + 0.03 * k;
  return [x, height(x)];
});

export const mountainCarView: View = {
  environments: ["MountainCar-v0"],
  scene: () => ({
    left: -1.3,
    right: 0.7,
    bottom: 0,
    top: 1.25,
    secondsPerStep: 1 / 30,
    handle: (observation) => [observation[0]!, height(observation[0]!)],
    strokes(observation) {
      const x = observation[0]!;
      const slope = Math.atan(1.35 * Math.cos(3 * x));
      const [across, up] = [0.05 * Math.cos(slope), 0.05 * Math.sin(slope)];
      const y = height(x) + 0.045;
      return [
        stroke(0, 0.015, ...hill),
        stroke(0, 0.012, [0.5, height(0.5)], [0.5, height(0.5) + 0.18]),
        stroke(2, 0.04, [0.51, height(0.5) + 0.16], [0.56, height(0.5) + 0.15]),
        stroke(1, 0.06, [x - across, y - up], [x + across, y + up]),
      ];
    },
  }),
  qValueAxes: {
    x: { name: "position", from: -1.2, to: 0.6 },
    y: { name: "velocity", from: -0.07, to: 0.07 },
    observationAt: (x, y) => [x, y],
    pointOf: (observation) => [observation[0]!, observation[1]!],
  },
  example: [-0.9, 0],
  push: { stateIndex: 1, unit: 0.02, limit: 0.07 },
};

import type { EnvironmentOptions } from "../environments/registry.ts";

/** A point in the scene's units. */
export type Point = readonly [x: number, y: number];

/** A thick line with round ends, in the stage's units. */
export interface Stroke {
  readonly points: readonly Point[];
  readonly width: number;
  /** 0 the scenery, 1 what is acted on, 2 what it carries. */
  readonly color: 0 | 1 | 2;
}

/** How an environment looks: the window that is seen, and what is in it. */
export interface Stage {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
  /** Real time of a step. */
  readonly secondsPerStep: number;
  strokes(observation: ArrayLike<number>): Stroke[];
  /** Where it can be taken hold of; null where it cannot. */
  handle(observation: ArrayLike<number>): Point | null;
}

const line = (color: Stroke["color"], width: number, ...points: Point[]): Stroke => ({
  color,
  width,
  points,
});

/** Metres; the pole is drawn at its whole length, 1 m. */
function cartPole(targetPosition: number | null): Stage {
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
      const scenery = [
        line(0, 0.02, [-2.7, -0.13], [2.7, -0.13]),
        line(0, 0.03, [-2.4, -0.2], [-2.4, -0.06]),
        line(0, 0.03, [2.4, -0.2], [2.4, -0.06]),
      ];
      if (targetPosition !== null) scenery.push(line(0, 0.05, [target, -0.2], [target, -0.13]));
      return [...scenery, line(1, 0.22, [x - 0.2, 0], [x + 0.2, 0]), line(2, 0.07, [x, 0.06], tip)];
    },
  };
}

/** The hill is sin(3 x), as in Gymnasium's picture. */
function mountainCar(): Stage {
  const height = (x: number) => 0.45 * Math.sin(3 * x) + 0.55;
  const hill = Array.from({ length: 61 }, (_, k): Point => {
    const x = -1.2 + 0.03 * k;
    return [x, height(x)];
  });
  return {
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
        line(0, 0.015, ...hill),
        line(0, 0.012, [0.5, height(0.5)], [0.5, height(0.5) + 0.18]),
        line(2, 0.04, [0.51, height(0.5) + 0.16], [0.56, height(0.5) + 0.15]),
        line(1, 0.06, [x - across, y - up], [x + across, y + up]),
      ];
    },
  };
}

/** Two links of 1 m hanging from the origin; the goal is the line 1 m above it. */
function acrobot(): Stage {
  return {
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
        line(0, 0.03, [-3.2, 1], [3.2, 1]),
        line(1, 0.16, [0, 0], elbow),
        line(2, 0.12, elbow, tip),
      ];
    },
  };
}

/** How a built-in environment looks; null for others. With frames stacked, pass the last one. */
export function stageOf(
  env: string,
  options: Pick<EnvironmentOptions, "targetPosition">,
): Stage | null {
  if (env.startsWith("CartPole")) return cartPole(options.targetPosition);
  if (env.startsWith("MountainCar")) return mountainCar();
  return env.startsWith("Acrobot") ? acrobot() : null;
}

/** How far a place is from a stroke's edge: negative inside. */
function distance({ points, width }: Stroke, x: number, y: number): number {
  let nearest = Infinity;
  for (let k = 1; k < points.length; k++) {
    const [x0, y0] = points[k - 1]!;
    const [dx, dy] = [points[k]![0] - x0, points[k]![1] - y0];
    const along = ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy || 1);
    const at = Math.min(1, Math.max(0, along));
    nearest = Math.min(nearest, Math.hypot(x - x0 - at * dx, y - y0 - at * dy));
  }
  return nearest - width / 2;
}

/**
 * Draws strokes into a grid of `columns` x `rows` cells, the first row on top: for each cell 0, or 1 + 8 x color + how much of it is
 * covered, 0 to 7. Later strokes lie over earlier ones.
 */
export function rasterize(
  stage: Stage,
  strokes: readonly Stroke[],
  columns: number,
  rows: number,
): Uint8Array {
  const cells = new Uint8Array(columns * rows);
  const unit = (stage.right - stage.left) / columns;
  const rise = (stage.top - stage.bottom) / rows;
  for (const stroke of strokes) {
    const reach = stroke.width / 2 + unit;
    const xs = stroke.points.map(([x]) => x);
    const ys = stroke.points.map(([, y]) => y);
    const first = Math.max(0, Math.floor((Math.min(...xs) - reach - stage.left) / unit));
    const last = Math.min(columns - 1, Math.ceil((Math.max(...xs) + reach - stage.left) / unit));
    const top = Math.max(0, Math.floor((stage.top - Math.max(...ys) - reach) / rise));
    const bottom = Math.min(rows - 1, Math.ceil((stage.top - Math.min(...ys) + reach) / rise));
    for (let row = top; row <= bottom; row++) {
      const y = stage.top - (row + 0.5) * rise;
      for (let column = first; column <= last; column++) {
        const x = stage.left + (column + 0.5) * unit;
        const covered = Math.min(1, Math.max(0, 0.5 - distance(stroke, x, y) / unit));
        const level = Math.round(7 * covered);
        const at = row * columns + column;
        const before = cells[at]! === 0 ? -1 : (cells[at]! - 1) % 8;
        if (level > 0 && (level >= 4 || level > before)) cells[at] = 1 + 8 * stroke.color + level;
      }
    }
  }
  return cells;
}

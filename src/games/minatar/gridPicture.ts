import type { Picture, Point, Stroke } from "../../scenes/scene.ts";

/** Cells per side of every MinAtar board. */
export const SIDE = 10;

/** Shapes of one cell: the points relative to its centre, with y upwards, and the line's width. */
const shapes = {
  disc: [0.8, [0, 0], [0, 0]],
  dot: [0.25, [0, 0], [0, 0]],
  block: [0.6, [-0.15, 0], [0.15, 0]],
  bar: [0.3, [-0.3, 0], [0.3, 0]],
  bolt: [0.18, [0, -0.25], [0, 0.25]],
  dash: [0.18, [-0.25, 0], [0.25, 0]],
  ring: [0.18, [0, 0.3], [0.3, 0], [0, -0.3], [-0.3, 0], [0, 0.3]],
  cross: [0.18, [-0.3, -0.3], [0.3, 0.3], [0, 0], [-0.3, 0.3], [0.3, -0.3]],
} as const satisfies Readonly<Record<string, readonly [width: number, ...points: Point[]]>>;

/** Look of the cells of a channel; null if they are not drawn. */
export type Mark = { readonly shape: keyof typeof shapes; readonly color: Stroke["color"] } | null;

const frame = { left: -0.1, right: SIDE + 0.1, bottom: -0.1, top: SIDE + 0.1 };

const border: Stroke = {
  color: 0,
  width: 0.08,
  points: [
    [0, 0],
    [SIDE, 0],
    [SIDE, SIDE],
    [0, SIDE],
    [0, 0],
  ],
};

/** Draws an observation of (rows, columns, channels): for each cell, the marks of its channels. Later channels cover earlier ones. */
export function gridPicture(observation: ArrayLike<number>, marks: readonly Mark[]): Picture {
  const strokes: Stroke[] = [border];
  for (const [channel, mark] of marks.entries()) {
    if (mark === null) continue;
    const [width, ...points] = shapes[mark.shape];
    for (let cell = 0; cell < SIDE * SIDE; cell++) {
      if (observation[cell * marks.length + channel] === 0) continue;
      const x = (cell % SIDE) + 0.5;
      const y = SIDE - 0.5 - Math.floor(cell / SIDE);
      const moved = points.map(([dx, dy]): Point => [x + dx, y + dy]);
      strokes.push({ color: mark.color, width, points: moved });
    }
  }
  return { ...frame, secondsPerStep: 0.15, strokes };
}

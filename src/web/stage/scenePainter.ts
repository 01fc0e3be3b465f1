import type { Frame, Point, Stroke } from "../../scenes/scene.ts";
import type { Inks } from "../drawing/inks.ts";

/** Places of a scene on a canvas. The whole frame is visible, in the middle and at the bottom. */
export interface Placement {
  /** CSS pixels per unit of the scene. */
  readonly unit: number;
  /** CSS pixels of a point. */
  readonly place: (point: Point) => Point;
}

export function placeScene(frame: Frame, width: number, height: number): Placement {
  const unit = Math.min(width / (frame.right - frame.left), height / (frame.top - frame.bottom));
  const left = (width - unit * (frame.right - frame.left)) / 2;
  return {
    unit,
    place: ([x, y]) => [left + unit * (x - frame.left), height - unit * (y - frame.bottom)],
  };
}

/** Draws the strokes of a scene. @param alpha opacity of the parts in front of the background */
export function paintStrokes(
  context: CanvasRenderingContext2D,
  { place, unit }: Placement,
  strokes: readonly Stroke[],
  { first, scenery, second }: Inks,
  alpha = 1,
): void {
  context.lineCap = "round";
  context.lineJoin = "round";
  for (const { color, points, width } of strokes) {
    if (alpha < 1 && color === 0) continue;
    context.globalAlpha = alpha;
    context.strokeStyle = [scenery, first, second][color]!;
    context.lineWidth = width * unit;
    context.beginPath();
    // A canvas draws no line of length 0, as that of a disc.
    const [x, y] = place(points[0]!);
    context.moveTo(x - 0.01, y);
    for (const point of points) context.lineTo(...place(point));
    context.stroke();
  }
  context.globalAlpha = 1;
}

import type { Frame, Stroke } from "./scene.ts";

/** Distance of a point from a stroke's edge, in the scene's units; negative inside the stroke. */
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
 * Draws strokes into a grid of (rows, columns) cells, top row first. An empty cell is 0. Others are 1 + 8 color + coverage, with the
 * coverage from 0 to 7. Later strokes cover earlier ones.
 */
export function rasterize(
  scene: Frame,
  strokes: readonly Stroke[],
  columns: number,
  rows: number,
): Uint8Array {
  const cells = new Uint8Array(columns * rows);
  const unit = (scene.right - scene.left) / columns;
  const rise = (scene.top - scene.bottom) / rows;
  for (const stroke of strokes) {
    const reach = stroke.width / 2 + unit;
    const xs = stroke.points.map(([x]) => x);
    const ys = stroke.points.map(([, y]) => y);
    const first = Math.max(0, Math.floor((Math.min(...xs) - reach - scene.left) / unit));
    const last = Math.min(columns - 1, Math.ceil((Math.max(...xs) + reach - scene.left) / unit));
    const top = Math.max(0, Math.floor((scene.top - Math.max(...ys) - reach) / rise));
    const bottom = Math.min(rows - 1, Math.ceil((scene.top - Math.min(...ys) + reach) / rise));
    for (let row = top; row <= bottom; row++) {
      const y = scene.top - (row + 0.5) * rise;
      for (let column = first; column <= last; column++) {
        const x = scene.left + (column + 0.5) * unit;
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

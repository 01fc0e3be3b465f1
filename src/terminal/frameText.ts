import { rasterize } from "../scenes/rasterize.ts";
import type { Scene } from "../scenes/scene.ts";

/** Draws a scene as lines of braille characters, `columns` wide. */
export function frameText(scene: Scene, observation: ArrayLike<number>, columns: number): string[] {
  const wide = 2 * columns;
  const rows = Math.round((wide * (scene.top - scene.bottom)) / (scene.right - scene.left) / 4);
  const cells = rasterize(scene, scene.strokes(observation), wide, 4 * rows);
  // Bits of the dots of a braille character after U+2800, row by row: left dot, right dot.
  const dots = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80];
  return Array.from({ length: rows }, (_, row) => {
    let text = "";
    for (let column = 0; column < columns; column++) {
      let bits = 0;
      for (const [k, bit] of dots.entries()) {
        const at = (4 * row + (k >> 1)) * wide + 2 * column + (k & 1);
        if (cells[at]! !== 0 && (cells[at]! - 1) % 8 >= 2) bits |= bit;
      }
      text += String.fromCharCode(0x2800 + bits);
    }
    return text;
  });
}

import type { Shown } from "../scenes/pictures.ts";
import { rasterize } from "../scenes/rasterize.ts";
import type { Picture } from "../scenes/scene.ts";

/** Lines of a text or picture, at most `columns` wide. A picture is drawn in braille characters. */
export function frameText(shown: Shown, columns: number): string[] {
  return typeof shown === "string" ? textLines(shown, columns) : brailleLines(shown, columns);
}

/** Without control characters, which would move the cursor. */
function textLines(text: string, columns: number): string[] {
  const lines = text.trimEnd().split(/\r?\n/);
  return lines.map((line) => line.replace(/\p{Cc}/gu, " ").slice(0, columns));
}

function brailleLines(picture: Picture, columns: number): string[] {
  const { bottom, left, right, strokes, top } = picture;
  const wide = 2 * columns;
  const rows = Math.max(1, Math.round((wide * (top - bottom)) / (right - left) / 4));
  const cells = rasterize(picture, strokes, wide, 4 * rows);
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

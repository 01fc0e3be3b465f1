import { escapeMarkup } from "./markup.ts";
import { textWidth, wrapText } from "./textLayout.ts";

/** A name and the color of its marks. */
export interface LegendEntry {
  readonly color: number;
  readonly name: string;
}

/** Part of a picture with its height in pixels. */
export interface Block {
  readonly svg: string;
  readonly height: number;
}

const LINE_HEIGHT = 17;
/** Width of the sample line with the space after it. */
const SAMPLE = 24;
const GAP = 16;

/**
 * Lays out a legend in rows of at most `width` pixels. Wider names are broken into lines.
 * @param left x coordinate of the rows
 */
export function legendBlock(entries: readonly LegendEntry[], left: number, width: number): Block {
  const parts: string[] = [];
  let [x, y] = [0, 0];
  let rowLines = 0;
  for (const { color, name } of entries) {
    const lines = wrapText(name, width - SAMPLE);
    const wide = SAMPLE + lines.reduce((most, line) => Math.max(most, textWidth(line)), 0);
    if (x > 0 && x + wide > width) {
      y += rowLines * LINE_HEIGHT;
      x = 0;
      rowLines = 0;
    }
    const at = left + x;
    parts.push(
      `<g><title>${escapeMarkup(name)}</title>`,
      `<path class="line ${inkClass(color)}" d="M${at},${y + 8}h17"/>`,
      ...lines.map(
        (line, k) =>
          `<text x="${at + SAMPLE}" y="${y + 12 + k * LINE_HEIGHT}">${escapeMarkup(line)}</text>`,
      ),
      "</g>",
    );
    x += Math.ceil(wide) + GAP;
    rowLines = Math.max(rowLines, lines.length);
  }
  return { svg: parts.join(""), height: y + rowLines * LINE_HEIGHT };
}

/** Lays out a text in lines of at most `width` pixels. */
export function textBlock(text: string, left: number, width: number): Block {
  const lines = text === "" ? [] : wrapText(text, width, Infinity);
  const svg = lines.map(
    (line, k) => `<text x="${left}" y="${12 + k * LINE_HEIGHT}">${escapeMarkup(line)}</text>`,
  );
  return { svg: svg.join(""), height: lines.length * LINE_HEIGHT };
}

/** Number of colors. Further curves reuse them with dashes. */
export const INKS = 6;
const DASHES = 3;

/** CSS classes for the color and dashes of a curve. */
export function inkClass(color: number): string {
  const dash = Math.floor(color / INKS) % DASHES;
  return `l${color % INKS}${dash === 0 ? "" : ` d${dash}`}`;
}

/** Number of distinguishable curves. */
export const LOOKS = INKS * DASHES;

import { escapeMarkup } from "./markup.ts";
import { textWidth, wrapText } from "./textLayout.ts";

/** A name and how its curves look: `color` as that of marks. */
export interface LegendEntry {
  readonly color: number;
  readonly name: string;
}

/** A part of a picture, and how much of its height it takes, in pixels. */
export interface Block {
  readonly svg: string;
  readonly height: number;
}

const LINE_HEIGHT = 17;
/** A short line in the curve's colour and the room after it. */
const SAMPLE = 24;
const GAP = 20;

/**
 * A legend in rows: as many names side by side as fit into `width`, a longer one broken into lines. Nothing overlaps, however many and
 * however long the names are.
 * @param left where rows begin
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

/** Sentences below each other. */
export function textBlock(text: string, left: number, width: number): Block {
  const lines = text === "" ? [] : wrapText(text, width, Infinity);
  const svg = lines.map(
    (line, k) => `<text x="${left}" y="${12 + k * LINE_HEIGHT}">${escapeMarkup(line)}</text>`,
  );
  return { svg: svg.join(""), height: lines.length * LINE_HEIGHT };
}

/** Colours that can be told apart; further curves take them again, dashed. */
export const INKS = 6;
const DASHES = 3;

/** The classes of a curve's stroke. */
export function inkClass(color: number): string {
  const dash = Math.floor(color / INKS) % DASHES;
  return `l${color % INKS}${dash === 0 ? "" : ` d${dash}`}`;
}

/** Curves whose looks differ. */
export const LOOKS = INKS * DASHES;

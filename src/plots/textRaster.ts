/**
 * Characters from " " to "_" with 3 x 5 dots: one octal digit per row, top row first, whose highest bit is the left dot. Lower-case
 * letters look like capitals.
 */
const glyphs =
  "00000 22202 55000 57575 36236 51245 25253 22000 12221 42224 52725 02720 00024 00700 00002 11244 75557 26227 71747 71717 55711 74717 74757 71122 75757 75717 02020 02024 12421 07070 42124 71202 25743 25755 65656 34443 65556 74647 74644 34553 55755 72227 11152 55655 44447 57755 65555 25552 65644 25573 65655 34216 72222 55557 55552 55775 55255 55222 71247 64446 44211 31113 25000 00007".split(
    " ",
  );
/** Small letters of boards, and characters after the letters. */
const others: Readonly<Record<string, string>> = {
  ...{ o: "00757", x: "00525", "`": "42000", "{": "32623", "|": "22222", "}": "62326" },
  ...{ "~": "03600", "·": "00200", "●": "27772", "○": "25552" },
  ...{ "▲": "02770", "▼": "07720", "◄": "13731", "►": "46764" },
};
/** A full block for all other characters. */
const UNKNOWN = "77777";

const glyphOf = (character: string) =>
  others[character] ?? glyphs[character.toUpperCase().charCodeAt(0) - 32] ?? UNKNOWN;

/** Pixels per dot. A character takes 4 x 6 dots with its spacing. */
const DOT = 3;
const MARGIN = 2 * DOT;

/** Frames of the same size in pixels. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  /** Draws one frame: a palette index per pixel, top row first. */
  draw(frame: number): Uint8Array;
}

/** Draws texts of one or more lines with a bitmap font: `ink` where there is a dot and 0 elsewhere. */
export function rasterizeTexts(texts: readonly string[], ink: number): Raster {
  const all = texts.map((text) => text.trimEnd().split(/\r?\n/));
  const columns = all.flat().reduce((most, line) => Math.max(most, [...line].length), 1);
  const rows = all.reduce((most, { length }) => Math.max(most, length), 1);
  const width = 2 * MARGIN + 4 * DOT * columns;
  const height = 2 * MARGIN + 6 * DOT * rows;
  const draw = (frame: number) => {
    const grid = new Uint8Array(width * height);
    for (const [row, line] of all[frame]!.entries()) {
      for (const [column, character] of [...line].entries()) {
        const at = (MARGIN + 6 * DOT * row) * width + MARGIN + 4 * DOT * column;
        drawGlyph(grid, width, at, glyphOf(character), ink);
      }
    }
    return grid;
  };
  return { width, height, draw };
}

function drawGlyph(grid: Uint8Array, width: number, at: number, glyph: string, ink: number): void {
  for (let y = 0; y < 5 * DOT; y++) {
    const bits = Number(glyph[Math.floor(y / DOT)]);
    for (let x = 0; x < 3 * DOT; x++) {
      if (bits & (4 >> Math.floor(x / DOT))) grid[at + y * width + x] = ink;
    }
  }
}

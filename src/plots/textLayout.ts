/**
 * Upper bounds of character widths in pixels at 12 px. They are those of DejaVu Sans, one of the widest fonts that `system-ui` may be.
 */
const classes: readonly (readonly [RegExp, number])[] = [
  [/[iljI.,:;'|! \u00a0]/, 4.2],
  [/[frt()[\]{}/\\"-]/, 5.6],
  [/[mwMW%@=+<>~#&]/, 12],
  [/[A-Z_]/, 9.6],
  [/[ -~]/, 7.8],
  [/[\u00a1-\u10ff]/, 11],
];
/** Width of all other characters, such as ideographs and emoji. */
const WIDEST = 16;

/** Upper bound of a text's width in pixels at 12 px. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    width += classes.find(([pattern]) => pattern.test(character))?.[1] ?? WIDEST;
  }
  return width;
}

/** Number of characters that fit into `width`; at least one. */
function fitting(characters: readonly string[], width: number): number {
  let used = 0;
  for (const [k, character] of characters.entries()) {
    used += textWidth(character);
    if (used > width && k > 0) return k;
  }
  return characters.length;
}

/** Replaces the middle of a long text by "...", since names often differ at their ends. */
function shortenMiddle(text: string, most: number): string {
  const characters = [...text];
  if (characters.length <= most) return text;
  const half = Math.floor((most - 3) / 2);
  return [...characters.slice(0, half), "...", ...characters.slice(-half)].join("");
}

/** Maximum characters of a text; longer ones are shortened. */
const LONGEST = 160;

/** Breaks a text into lines of at most `width` pixels at 12 px. Breaks between words, and within words that are wider than a line. */
export function wrapText(text: string, width: number, longest = LONGEST): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of shortenMiddle(text, longest).split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (textWidth(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    let rest = [...word];
    while (textWidth(rest.join("")) > width) {
      const end = fitting(rest, width);
      if (end === rest.length) break;
      lines.push(rest.slice(0, end).join(""));
      rest = rest.slice(end);
    }
    line = rest.join("");
  }
  return [...lines, line];
}

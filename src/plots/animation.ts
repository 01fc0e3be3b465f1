import gifenc from "gifenc";
import { framePace } from "../scenes/framePace.ts";
import { type Shown, secondsPerStep } from "../scenes/pictures.ts";
import { rasterize } from "../scenes/rasterize.ts";
import type { Picture } from "../scenes/scene.ts";
import { escapeMarkup } from "./markup.ts";
import { type Raster, rasterizeTexts } from "./textRaster.ts";

/** Pictures of an episode: one text or picture per step. */
export type Film = readonly Shown[];

const paper = [255, 255, 255] as const;
const inks = [
  [140, 149, 159],
  [9, 105, 218],
  [188, 76, 0],
] as const;

/** Selects the pictures of a GIF or SVG. */
function frames<Item extends Shown>(
  film: readonly Item[],
): { shown: Item[]; milliseconds: number } {
  const { every, milliseconds } = framePace(secondsPerStep(film[0]));
  return { shown: film.filter((_, step) => step % every === 0), milliseconds };
}

/** Index of the second ink at full strength. */
const TEXT_INK = 16;

/** Encodes an episode as an animated GIF at real speed. All frames have the size of the first picture. */
export function filmGif(film: Film, width = 480): Uint8Array {
  const palette = [
    [...paper],
    ...inks.flatMap((ink) =>
      Array.from({ length: 8 }, (_, level) =>
        ink.map((part, k) => Math.round(paper[k]! + ((part - paper[k]!) * level) / 7)),
      ),
    ),
  ];
  const gif = gifenc.GIFEncoder();
  const { milliseconds, shown } = frames(film);
  const pictures = picturesOf(shown);
  const raster =
    pictures === null
      ? rasterizeTexts(shown.map(String), TEXT_INK)
      : rasterizePictures(pictures, width);
  for (let frame = 0; frame < shown.length; frame++) {
    const cells = raster.draw(frame);
    gif.writeFrame(cells, raster.width, raster.height, { palette, delay: milliseconds });
  }
  gif.finish();
  return gif.bytes();
}

/** The pictures, or null if some are texts. */
function picturesOf(film: Film): readonly Picture[] | null {
  const pictures = film.filter((shown) => typeof shown === "object");
  return pictures.length === film.length ? pictures : null;
}

function rasterizePictures(pictures: readonly Picture[], width: number): Raster {
  const { bottom, left, right, top } = pictures[0]!;
  const height = Math.max(1, Math.round((width * (top - bottom)) / (right - left)));
  const draw = (frame: number) => {
    const picture = pictures[frame]!;
    return rasterize(picture, picture.strokes, width, height);
  };
  return { width, height, draw };
}

/** A picture is about this wide in an SVG. */
const WIDTH = 640;
const LINE_HEIGHT = 20;
const CHARACTER_WIDTH = 9.7;

const style =
  "polyline{fill:none;stroke-linecap:round;stroke-linejoin:round}.c0{stroke:#8c959f}.c1{stroke:#0969da}.c2{stroke:#bc4c00}text{font:16px monospace;fill:#24292f;white-space:pre}@media(prefers-color-scheme:dark){.c0{stroke:#656c76}.c1{stroke:#58a6ff}.c2{stroke:#f0883e}text{fill:#f0f6fc}}";

/** Encodes an episode as an SVG that repeats it at real speed, in the viewer's light or dark theme. */
export function filmSvg(film: Film, description: string): string {
  const { milliseconds, shown } = frames(film);
  const seconds = (shown.length * milliseconds) / 1000;
  const pictures = picturesOf(shown);
  const { body, height, width } =
    pictures === null ? textBody(shown.map(String), seconds) : strokesBody(pictures, seconds);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeMarkup(description)}"><style>${style}</style>${body}</svg>\n`;
}

interface Body {
  readonly body: string;
  readonly width: number;
  readonly height: number;
}

function strokesBody(pictures: readonly Picture[], seconds: number): Body {
  const { bottom, left, right, top } = pictures[0]!;
  const scale = WIDTH / (right - left);
  const place = ([x, y]: readonly [number, number]) =>
    `${Math.round(scale * (x - left))},${Math.round(scale * (top - y))}`;
  const line = ({ color, points, width }: Picture["strokes"][number], inner = "") =>
    `<polyline class="c${color}" stroke-width="${Math.max(1, Math.round(scale * width))}" points="${points.map(place).join(" ")}">${inner}</polyline>`;
  const looks = pictures.map(({ strokes }) => strokes.map((one) => [one.color, one.width]).join());
  const body = looks.every((look) => look === looks[0])
    ? pictures[0]!.strokes.map((stroke, k) => {
        const places = pictures.map(({ strokes }) => strokes[k]!.points.map(place).join(" "));
        const still = places.every((one) => one === places[0]);
        const moves = `<animate attributeName="points" dur="${seconds}s" repeatCount="indefinite" values="${places.join(";")}"/>`;
        return line(stroke, still ? "" : moves);
      })
    : oneByOne(
        pictures.map(({ strokes }) => strokes.map((one) => line(one)).join("")),
        seconds,
      );
  return { body: body.join(""), width: WIDTH, height: Math.round(scale * (top - bottom)) };
}

function textBody(texts: readonly string[], seconds: number): Body {
  const frames = texts.map((text) => text.trimEnd().split(/\r?\n/));
  const longest = frames.flat().reduce((most, { length }) => Math.max(most, length), 1);
  const most = frames.reduce((rows, { length }) => Math.max(rows, length), 1);
  const parts = frames.map((lines) =>
    lines
      .map((text, k) => `<text x="10" y="${(k + 1) * LINE_HEIGHT}">${escapeMarkup(text)}</text>`)
      .join(""),
  );
  const width = Math.ceil(longest * CHARACTER_WIDTH) + 20;
  return { body: oneByOne(parts, seconds).join(""), width, height: most * LINE_HEIGHT + 10 };
}

/** Shows one part after the other, each for the same time. */
function oneByOne(parts: readonly string[], seconds: number): string[] {
  if (parts.length === 1) return [...parts];
  return parts.map((part, k) => {
    const [from, to] = [k, k + 1].map((at) => Number((at / parts.length).toFixed(6)));
    const turn = `values="hidden;visible;hidden" keyTimes="0;${from};${to}"`;
    return `<g visibility="${k === 0 ? "visible" : "hidden"}"><animate attributeName="visibility" calcMode="discrete" dur="${seconds}s" repeatCount="indefinite" ${turn}/>${part}</g>`;
  });
}

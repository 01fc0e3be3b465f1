import gifenc from "gifenc";
import { rasterize } from "../scenes/rasterize.ts";
import type { Scene } from "../scenes/scene.ts";
import { escapeMarkup } from "./markup.ts";

/** Observations of an episode, one per step. */
export type Film = ArrayLike<number>[];

const paper = [255, 255, 255] as const;
const inks = [
  [140, 149, 159],
  [9, 105, 218],
  [188, 76, 0],
] as const;

/** Selects about 25 observations per second of real time. `milliseconds` is the duration of each. */
function frames(scene: Scene, film: Film): { shown: Film; milliseconds: number } {
  const every = Math.max(1, Math.round(0.04 / scene.secondsPerStep));
  const shown = film.filter((_, step) => step % every === 0);
  return { shown, milliseconds: Math.round(1000 * every * scene.secondsPerStep) };
}

/** Encodes an episode as an animated GIF at real speed. */
export function filmGif(scene: Scene, film: Film, width = 480): Uint8Array {
  const height = Math.round((width * (scene.top - scene.bottom)) / (scene.right - scene.left));
  const palette = [
    [...paper],
    ...inks.flatMap((ink) =>
      Array.from({ length: 8 }, (_, level) =>
        ink.map((part, k) => Math.round(paper[k]! + ((part - paper[k]!) * level) / 7)),
      ),
    ),
  ];
  const gif = gifenc.GIFEncoder();
  const { milliseconds, shown } = frames(scene, film);
  for (const observation of shown) {
    const cells = rasterize(scene, scene.strokes(observation), width, height);
    gif.writeFrame(cells, width, height, { palette, delay: milliseconds });
  }
  gif.finish();
  return gif.bytes();
}

/** Encodes an episode as an SVG that repeats it at real speed, in the viewer's light or dark theme. */
export function filmSvg(scene: Scene, film: Film, description: string): string {
  const { milliseconds, shown } = frames(scene, film);
  const scale = 200;
  const place = ([x, y]: readonly [number, number]) =>
    `${Math.round(scale * (x - scene.left))},${Math.round(scale * (scene.top - y))}`;
  const scenes = shown.map((observation) => scene.strokes(observation));
  const seconds = (shown.length * milliseconds) / 1000;
  const lines = (scenes[0] ?? []).map(({ color, width }, k) => {
    const positions = scenes.map((strokes) => strokes[k]!.points.map(place).join(" "));
    const still = positions.every((position) => position === positions[0]);
    const moves = `<animate attributeName="points" dur="${seconds}s" repeatCount="indefinite" values="${positions.join(";")}"/>`;
    return `<polyline class="c${color}" stroke-width="${Math.round(scale * width)}" points="${positions[0]}">${still ? "" : moves}</polyline>`;
  });
  const [width, height] = [scene.right - scene.left, scene.top - scene.bottom].map((size) =>
    Math.round(scale * size),
  );
  const style =
    "polyline{fill:none;stroke-linecap:round;stroke-linejoin:round}.c0{stroke:#8c959f}.c1{stroke:#0969da}.c2{stroke:#bc4c00}@media(prefers-color-scheme:dark){.c0{stroke:#656c76}.c1{stroke:#58a6ff}.c2{stroke:#f0883e}}";
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeMarkup(description)}"><style>${style}</style>${lines.join("")}</svg>\n`;
}

import { applyPalette, GIFEncoder, quantize } from "gifenc";
import type { Shown } from "../../scenes/pictures.ts";
import type { Inks } from "../drawing/inks.ts";
import { paintBoard } from "../stage/boardPainter.ts";

/** How the frames look, and how long each is shown. */
export interface GifLook {
  readonly inks: Inks;
  /** Whether numbers on a board are tiles. */
  readonly tiles: boolean;
  readonly milliseconds: number;
}

/** A picture of the film, or the look, after which the film is encoded. */
export type GifRequest = { readonly picture: Shown } | GifLook;

/** The encoded part of the film, from 0 to 1, or the GIF. */
export type GifResponse = { readonly done: number } | { readonly gif: Uint8Array<ArrayBuffer> };

/** Pixels of the longer side. */
const SIDE = 480;
/** Pixels around a board of cells. */
const MARGIN = 10;
/** Milliseconds for which the last frame is shown. */
const END = 1000;
/** Frames from which the palette is made. */
const SAMPLES = 4;

const film: Shown[] = [];

/** Width and height of a picture, or the columns and rows of a board. */
function shapeOf(shown: Shown): readonly [width: number, height: number] {
  if (typeof shown !== "string") return [shown.right - shown.left, shown.top - shown.bottom];
  const rows = shown.split("\n");
  return [rows[0]!.trim().split(/\s+/).length, rows.length];
}

/** Paints pictures of the film, all in the size of the first. */
class Painter {
  readonly width: number;
  readonly height: number;
  readonly #look: GifLook;
  readonly #margin: number;
  readonly #context: CanvasRenderingContext2D;

  constructor(look: GifLook) {
    const [width, height] = shapeOf(film[0]!);
    const unit = SIDE / Math.max(width, height);
    this.#look = look;
    this.#margin = typeof film[0] === "string" ? MARGIN : 0;
    this.width = Math.round(unit * width) + 2 * this.#margin;
    this.height = Math.round(unit * height) + 2 * this.#margin;
    const canvas = new OffscreenCanvas(this.width, this.height);
    const context: unknown = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
    // The painters use only what both kinds of context have.
    this.#context = context as CanvasRenderingContext2D;
  }

  /** Returns red, green, blue and alpha of each pixel. */
  paint(shown: Shown): Uint8ClampedArray {
    const { height, width } = this;
    const { inks, tiles } = this.#look;
    const context = this.#context;
    context.resetTransform();
    context.fillStyle = inks.paper;
    context.fillRect(0, 0, width, height);
    context.translate(this.#margin, this.#margin);
    const [across, down] = [width - 2 * this.#margin, height - 2 * this.#margin];
    paintBoard(context, across, down, shown, inks, tiles);
    return context.getImageData(0, 0, width, height).data;
  }

  /** Returns the colours of some frames from the first to the last. */
  palette(): ReturnType<typeof quantize> {
    const size = 4 * this.width * this.height;
    const pixels = new Uint8Array(SAMPLES * size);
    for (let k = 0; k < SAMPLES; k++) {
      const at = Math.round((k * (film.length - 1)) / (SAMPLES - 1));
      pixels.set(this.paint(film[at]!), k * size);
    }
    return quantize(pixels, 256);
  }
}

function encode(look: GifLook): Uint8Array<ArrayBuffer> {
  const painter = new Painter(look);
  const { height, width } = painter;
  const palette = painter.palette();
  const encoder = GIFEncoder();
  const last = film.length - 1;
  for (const [k, shown] of film.entries()) {
    const pixels = applyPalette(painter.paint(shown), palette);
    const delay = k === last ? END : look.milliseconds;
    encoder.writeFrame(pixels, width, height, { delay, ...(k === 0 && { palette }) });
    postMessage({ done: (k + 1) / film.length } satisfies GifResponse);
  }
  encoder.finish();
  return encoder.bytes();
}

addEventListener("message", ({ data }: MessageEvent<GifRequest>) => {
  if ("picture" in data) film.push(data.picture);
  else postMessage({ gif: encode(data) } satisfies GifResponse);
});

import type { Picture } from "../../scenes/scene.ts";
import type { Inks } from "../drawing/inks.ts";
import { paintStrokes, placeScene } from "./scenePainter.ts";

/** How a sign of a board's text is drawn. */
interface Mark {
  readonly shape: "square" | "disc" | "star" | "hole";
  readonly ink: keyof Inks;
  /** Written over the shape. */
  readonly text?: string;
}

/** Signs of the games' `render`. Other texts are written as they are. */
const marks: Readonly<Record<string, Mark>> = {
  "■": { shape: "square", ink: "first" },
  "▲": { shape: "square", ink: "first", text: "▲" },
  "►": { shape: "square", ink: "first", text: "►" },
  "▼": { shape: "square", ink: "first", text: "▼" },
  "◄": { shape: "square", ink: "first", text: "◄" },
  "●": { shape: "disc", ink: "second" },
  "○": { shape: "disc", ink: "first" },
  "@": { shape: "disc", ink: "first" },
  O: { shape: "hole", ink: "scenery" },
  "^": { shape: "hole", ink: "scenery" },
  G: { shape: "star", ink: "second" },
};

/** Places the cells of a game's text in the middle of a rectangle. Lines of another length, such as whose turn it is, are left out. */
export function placeBoard(board: string, width: number, height: number) {
  const lines = board.split("\n").map((line) => line.trim().split(/\s+/));
  const columns = lines[0]!.length;
  const rows = lines.filter(({ length }) => length === columns);
  const size = Math.min(width / columns, height / rows.length);
  const left = (width - columns * size) / 2;
  const top = (height - rows.length * size) / 2;
  return { columns, left, rows, size, top };
}

/**
 * Draws what a game's `render` returns, in the middle of the rectangle: a picture, or a text with one cell for each sign.
 * @param tiles whether numbers are tiles: the larger, the stronger
 */
export function paintBoard(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  board: string | Picture,
  inks: Inks,
  tiles: boolean,
): void {
  if (typeof board !== "string") {
    paintStrokes(context, placeScene(board, width, height), board.strokes, inks);
    return;
  }
  const { left, rows, size, top } = placeBoard(board, width, height);
  context.textAlign = "center";
  context.textBaseline = "middle";
  rows.forEach((row, y) => {
    row.forEach((sign, x) => {
      paintCell(context, left + x * size, top + y * size, size, sign, inks, tiles);
    });
  });
}

function paintCell(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  size: number,
  sign: string,
  inks: Inks,
  tiles: boolean,
): void {
  const [middle, center] = [x + size / 2, y + size / 2];
  const box = (inset: number) => {
    const side = size * (1 - 2 * inset);
    context.beginPath();
    context.roundRect(x + size * inset, y + size * inset, side, side, size * 0.12);
    context.fill();
  };
  const mark = marks[sign];
  if (mark !== undefined || tiles || sign === "·" || sign === "S") {
    context.fillStyle = inks.line;
    context.globalAlpha = 0.45;
    box(0.03);
    context.globalAlpha = 1;
  }
  if (mark === undefined) {
    paintText(context, middle, center, size, sign, inks, tiles);
    return;
  }
  context.fillStyle = inks[mark.ink];
  if (mark.shape === "square") box(0.06);
  else if (mark.shape === "hole") {
    context.globalAlpha = 0.8;
    box(0.03);
    context.globalAlpha = 1;
  } else {
    context.beginPath();
    if (mark.shape === "disc") context.arc(middle, center, size * 0.36, 0, 2 * Math.PI);
    else addStar(context, middle, center, size * 0.4);
    context.fill();
  }
  if (mark.text === undefined) return;
  context.fillStyle = inks.paper;
  context.font = `${size * 0.5}px system-ui, sans-serif`;
  context.fillText(mark.text, middle, center);
}

function paintText(
  context: CanvasRenderingContext2D,
  middle: number,
  center: number,
  size: number,
  text: string,
  inks: Inks,
  tiles: boolean,
): void {
  if (text === "·" || text === "S") return;
  const value = tiles ? Number(text) : 0;
  const tile = value > 1;
  context.fillStyle = inks.first;
  if (tile) {
    context.globalAlpha = Math.min(1, 0.12 + Math.log2(value) * 0.08);
    const side = size * 0.94;
    context.beginPath();
    context.roundRect(middle - side / 2, center - side / 2, side, side, size * 0.12);
    context.fill();
    context.globalAlpha = 1;
  }
  context.fillStyle = tile && value >= 64 ? inks.paper : inks.ink;
  context.font = `600 ${(size * 0.9) / Math.max(2, text.length)}px system-ui, sans-serif`;
  context.fillText(text, middle, center);
}

function addStar(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  for (let k = 0; k < 10; k++) {
    const angle = (k * Math.PI) / 5 - Math.PI / 2;
    const reach = k % 2 === 0 ? radius : radius * 0.45;
    context.lineTo(x + reach * Math.cos(angle), y + reach * Math.sin(angle));
  }
}

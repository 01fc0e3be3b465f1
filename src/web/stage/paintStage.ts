import type { Inks } from "../drawing/inks.ts";
import { paintBoard, placeBoard } from "./boardPainter.ts";
import { STRONGEST } from "./pushMeter.ts";
import { paintStrokes, placeScene } from "./scenePainter.ts";
import type { Stage } from "./stage.ts";

/** CSS pixels above the picture for the caption, and below a board. */
const CAPTION = 34;
const BELOW = 8;

/** The column of the board at a point of the canvas; undefined beside the board. */
export function columnAt(
  board: Stage["board"],
  x: number,
  width: number,
  height: number,
): number | undefined {
  if (typeof board !== "string") return undefined;
  const { columns, left, size } = placeBoard(board, width, height - CAPTION - BELOW);
  const column = Math.floor((x - left) / size);
  return column >= 0 && column < columns ? column : undefined;
}

/** Which side of the cart a pointer is on. */
export function pointerSide(
  stage: Stage,
  x: number,
  width: number,
  height: number,
): "left" | "right" {
  const { player, scene } = stage;
  const handle = player === null ? null : (scene?.handle(stage.pose) ?? null);
  if (scene === null || handle === null) return x < width / 2 ? "left" : "right";
  const [cart] = placeScene(scene, width, height - CAPTION).place(handle);
  return x < cart ? "left" : "right";
}

/** Draws the current moment of the stage: the ghost, the environment and the push in preparation. */
export function paintStage(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  stage: Stage,
  inks: Inks,
): void {
  context.clearRect(0, 0, width, height);
  const { meter, player, scene } = stage;
  if (player === null) return;
  if (scene === null) {
    context.save();
    context.translate(0, CAPTION);
    paintBoard(context, width, height - CAPTION - BELOW, stage.board, inks, stage.tiles);
    context.restore();
    return;
  }
  const placement = placeScene(scene, width, height - CAPTION);
  context.save();
  context.translate(0, CAPTION);
  const { ghost } = stage;
  if (ghost !== null) paintStrokes(context, placement, scene.strokes(ghost), inks, 0.22);
  const { pose } = stage;
  paintStrokes(context, placement, scene.strokes(pose), inks);
  const handle = scene.handle(pose);
  if (meter.direction !== 0 && handle !== null) {
    const [x, y] = placement.place(handle);
    const reach =
      placement.unit * (0.3 + 0.9 * (meter.charge.peek() / STRONGEST)) * meter.direction;
    paintArrow(context, x + 0.3 * placement.unit * meter.direction, y, reach, inks.ink);
  }
  context.restore();
}

function paintArrow(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  reach: number,
  color: string,
): void {
  const head = 9 * Math.sign(reach);
  context.strokeStyle = color;
  context.lineWidth = 4;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + reach, y);
  context.moveTo(x + reach - head, y - 8);
  context.lineTo(x + reach, y);
  context.lineTo(x + reach - head, y + 8);
  context.stroke();
}

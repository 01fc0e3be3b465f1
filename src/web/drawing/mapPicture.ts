import type { QValueAxes } from "../../scenes/scene.ts";
import { type Inks, type Rgb, rgb } from "./inks.ts";

/** CSS pixels for the numbers and names of the axes. */
const LEFT = 60;
const BOTTOM = 38;
const EDGE = 6;

/** Values of a map's cells, row by row from the top. */
export interface Landscape {
  /** Cells per side. */
  readonly cells: number;
  /** Values (cells x cells, count): the Q-values of all actions, or the output of a unit. */
  readonly values: Float32Array;
  readonly count: number;
}

/** The point of the axes at a fraction of the map from the left and from the top. */
export function pointAt({ x, y }: QValueAxes, across: number, down: number): [number, number] {
  return [x.from + (x.to - x.from) * across, y.to + (y.from - y.to) * down];
}

/** Observations at the middle of all cells. All stacked frames show the same state. */
export function gridOf(axes: QValueAxes, cells: number, observationSize: number): Float32Array {
  const grid = new Float32Array(cells * cells * observationSize);
  for (let row = 0; row < cells; row++) {
    for (let column = 0; column < cells; column++) {
      const frame = axes.observationAt(
        ...pointAt(axes, (column + 0.5) / cells, (row + 0.5) / cells),
      );
      const start = (row * cells + column) * observationSize;
      for (let k = 0; k < observationSize; k++) grid[start + k] = frame[k % frame.length]!;
    }
  }
  return grid;
}

/** The best action of a cell. */
function bestOf({ count, values }: Landscape, cell: number): number {
  let best = 0;
  for (let action = 1; action < count; action++) {
    if (values[cell * count + action]! > values[cell * count + best]!) best = action;
  }
  return best;
}

/** Mixes a colour into another one. */
function mix(from: Rgb, to: Rgb, fraction: number): Rgb {
  const part = (k: 0 | 1 | 2) => from[k] + (to[k] - from[k]) * fraction;
  return [part(0), part(1), part(2)];
}

/**
 * Colours a landscape. Of Q-values, the colour is the best action and its strength the value. Of a unit, blue is positive and orange
 * negative. Returns the smallest and the largest value that is shown.
 */
export function colorLandscape(
  landscape: Landscape,
  image: ImageData,
  inks: Inks,
): readonly [number, number] {
  const { cells, count, values } = landscape;
  const unit = count === 1;
  const paper = rgb(inks.paper);
  const colors = [rgb(inks.first), rgb(inks.second), rgb(inks.third)];
  let [least, most] = [Infinity, -Infinity];
  for (let cell = 0; cell < cells * cells; cell++) {
    const value = values[cell * count + bestOf(landscape, cell)]!;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const reach = Math.max(Math.abs(least), Math.abs(most)) || 1;
  for (let cell = 0; cell < cells * cells; cell++) {
    const best = bestOf(landscape, cell);
    const value = values[cell * count + best]!;
    const color = unit ? colors[value < 0 ? 1 : 0]! : colors[best % 3]!;
    const fraction = unit
      ? Math.abs(value) / reach
      : 0.15 + (0.8 * (value - least)) / (most - least || 1);
    image.data.set([...mix(paper, color, fraction), 255], 4 * cell);
  }
  return [least, most];
}

/** Rectangle of the map on its canvas. */
export function mapBox(width: number, height: number) {
  return { left: LEFT, top: EDGE, width: width - LEFT - EDGE, height: height - BOTTOM - EDGE };
}

/** Five numbers of an axis, evenly spaced. */
function ticksOf({ from, to }: QValueAxes["x"]): number[] {
  return Array.from({ length: 5 }, (_, k) => Number((from + ((to - from) * k) / 4).toPrecision(3)));
}

/** Draws the map with its axes, and a ring at the state on the stage. */
export function paintMap(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  picture: CanvasImageSource | null,
  axes: QValueAxes,
  state: ArrayLike<number>,
  inks: Inks,
): void {
  const box = mapBox(width, height);
  context.clearRect(0, 0, width, height);
  if (picture !== null) context.drawImage(picture, box.left, box.top, box.width, box.height);
  context.font = "12px system-ui, sans-serif";
  context.fillStyle = inks.faded;
  context.strokeStyle = inks.faded;
  context.lineWidth = 1;
  context.textBaseline = "top";
  ticksOf(axes.x).forEach((tick, k) => {
    context.textAlign = k === 0 ? "left" : k === 4 ? "right" : "center";
    const x = box.left + (box.width * k) / 4;
    context.fillRect(x - 0.5, box.top + box.height, 1, 4);
    context.fillText(String(tick), x, box.top + box.height + 6);
  });
  context.textAlign = "center";
  context.fillText(axes.x.name, box.left + box.width / 2, height - 15);
  context.textAlign = "right";
  ticksOf(axes.y).forEach((tick, k) => {
    context.textBaseline = k === 0 ? "bottom" : k === 4 ? "top" : "middle";
    const y = box.top + box.height * (1 - k / 4);
    context.fillRect(box.left - 4, y - 0.5, 4, 1);
    context.fillText(String(tick), box.left - 6, y);
  });
  context.save();
  context.translate(2, box.top + box.height / 2);
  context.rotate(-Math.PI / 2);
  context.textAlign = "center";
  context.textBaseline = "top";
  context.fillText(axes.y.name, 0, 0);
  context.restore();
  const [across, up] = axes.pointOf(state);
  const inside = (value: number) => Math.max(0, Math.min(1, value));
  context.beginPath();
  context.arc(
    box.left + box.width * inside((across - axes.x.from) / (axes.x.to - axes.x.from)),
    box.top + box.height * inside((axes.y.to - up) / (axes.y.to - axes.y.from)),
    6,
    0,
    2 * Math.PI,
  );
  context.lineWidth = 2.5;
  context.strokeStyle = inks.ink;
  context.stroke();
}

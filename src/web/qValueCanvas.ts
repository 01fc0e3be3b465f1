import type { QValueAxes } from "../scenes/scene.ts";
import { viewOf } from "../scenes/views.ts";
import type { Player } from "./player.ts";

/** Cells per side. */
const CELLS = 56;

/** Axes of the Q-value map of `env`. @throws Error for one without a picture: the page offers none */
export function axesOf(env: string): QValueAxes {
  const view = viewOf(env);
  if (view === null) throw new Error(`${env} has no picture.`);
  return view.qValueAxes;
}

export type Ink = readonly [red: number, green: number, blue: number];

/** Q-value map: the color of a cell is its greedy action, the strength of the color is that action's Q-value. */
export class QValueCanvas {
  readonly #canvas: HTMLCanvasElement;
  readonly #cells = new OffscreenCanvas(CELLS, CELLS);
  readonly #image = new ImageData(CELLS, CELLS);
  readonly #best = new Uint8Array(CELLS * CELLS);
  readonly #values = new Float32Array(CELLS * CELLS);

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
  }

  /** Computes all cells with the player's network. Returns the smallest and the largest Q-value. */
  update(player: Player, inks: readonly Ink[], paper: Ink): readonly [least: number, most: number] {
    const { description, network } = player.policy;
    const axes = axesOf(description.env);
    let [least, most] = [Infinity, -Infinity];
    for (let row = 0; row < CELLS; row++) {
      const y = axes.y.to + ((axes.y.from - axes.y.to) * (row + 0.5)) / CELLS;
      for (let column = 0; column < CELLS; column++) {
        const x = axes.x.from + ((axes.x.to - axes.x.from) * (column + 0.5)) / CELLS;
        const frame = axes.observationAt(x, y);
        // All stacked frames show the same state.
        for (let k = 0; k < network.observation.length; k++) {
          network.observation[k] = frame[k % frame.length]!;
        }
        const at = row * CELLS + column;
        const action = network.greedyAction();
        const value = network.qValues[action]!;
        this.#best[at] = action;
        this.#values[at] = value;
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
    }
    const { data } = this.#image;
    for (let at = 0; at < CELLS * CELLS; at++) {
      const strength = 0.15 + 0.8 * ((this.#values[at]! - least) / (most - least || 1));
      const ink = inks[this.#best[at]! % inks.length]!;
      for (let part = 0; part < 3; part++) {
        data[4 * at + part] = paper[part]! + (ink[part]! - paper[part]!) * strength;
      }
      data[4 * at + 3] = 255;
    }
    this.#cells.getContext("2d")!.putImageData(this.#image, 0, 0);
    return [least, most];
  }

  /** Draws the map, with a ring at the state of the shown episode. */
  draw(player: Player, ring: string): void {
    const canvas = this.#canvas;
    const size = Math.round(canvas.clientWidth * devicePixelRatio);
    if (canvas.width !== size) {
      canvas.width = size;
      canvas.height = size;
    }
    const context = canvas.getContext("2d")!;
    context.drawImage(this.#cells, 0, 0, size, size);
    const { pointOf, x, y } = axesOf(player.policy.description.env);
    const [across, up] = pointOf(player.after);
    context.beginPath();
    const inside = (value: number) => Math.max(0, Math.min(1, value)) * size;
    context.arc(
      inside((across - x.from) / (x.to - x.from)),
      inside((y.to - up) / (y.to - y.from)),
      size / 50,
      0,
      2 * Math.PI,
    );
    context.strokeStyle = ring;
    context.lineWidth = size / 140;
    context.stroke();
  }
}

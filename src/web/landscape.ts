import type { Player } from "./player.ts";

/** Cells on each side. */
const CELLS = 56;

/** Two numbers of the state that the picture goes over; the others are zero. */
interface Axes {
  readonly x: { readonly name: string; readonly from: number; readonly to: number };
  readonly y: { readonly name: string; readonly from: number; readonly to: number };
  /** The observation at a place. */
  observe(x: number, y: number): readonly number[];
  /** Where an observation lies. */
  place(observation: ArrayLike<number>): readonly [x: number, y: number];
}

const cartPole: Axes = {
  x: { name: "pole angle, degrees", from: -12, to: 12 },
  y: { name: "angular velocity, rad/s", from: -2.5, to: 2.5 },
  observe: (x, y) => [0, 0, (x * Math.PI) / 180, y],
  place: (observation) => [(observation[2]! * 180) / Math.PI, observation[3]!],
};

const mountainCar: Axes = {
  x: { name: "position", from: -1.2, to: 0.6 },
  y: { name: "velocity", from: -0.07, to: 0.07 },
  observe: (x, y) => [x, y],
  place: (observation) => [observation[0]!, observation[1]!],
};

const acrobot: Axes = {
  x: { name: "angle of the first link, degrees", from: -180, to: 180 },
  y: { name: "angle of the second link, degrees", from: -180, to: 180 },
  observe(x, y) {
    const [first, second] = [(x * Math.PI) / 180, (y * Math.PI) / 180];
    return [Math.cos(first), Math.sin(first), Math.cos(second), Math.sin(second), 0, 0];
  },
  place: (observation) => [
    (Math.atan2(observation[1]!, observation[0]!) * 180) / Math.PI,
    (Math.atan2(observation[3]!, observation[2]!) * 180) / Math.PI,
  ],
};

export function axesOf(env: string): Axes {
  if (env.startsWith("MountainCar")) return mountainCar;
  return env.startsWith("Acrobot") ? acrobot : cartPole;
}

export type Ink = readonly [red: number, green: number, blue: number];

/** The network's opinion: what the best action is at each place, as a colour, and what it is worth, as its strength. */
export class Landscape {
  readonly #canvas: HTMLCanvasElement;
  readonly #cells = new OffscreenCanvas(CELLS, CELLS);
  readonly #image = new ImageData(CELLS, CELLS);
  readonly #best = new Uint8Array(CELLS * CELLS);
  readonly #values = new Float32Array(CELLS * CELLS);

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
  }

  /** Asks the network anew. Returns the least and the greatest value. */
  update(player: Player, inks: readonly Ink[], paper: Ink): readonly [least: number, most: number] {
    const { description, network } = player.policy;
    const axes = axesOf(description.env);
    let [least, most] = [Infinity, -Infinity];
    for (let row = 0; row < CELLS; row++) {
      const y = axes.y.to + ((axes.y.from - axes.y.to) * (row + 0.5)) / CELLS;
      for (let column = 0; column < CELLS; column++) {
        const x = axes.x.from + ((axes.x.to - axes.x.from) * (column + 0.5)) / CELLS;
        const frame = axes.observe(x, y);
        // Frames that are stacked all show the same.
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

  /** Draws it, and where the shown episode is. */
  draw(player: Player, ring: string): void {
    const canvas = this.#canvas;
    const size = Math.round(canvas.clientWidth * devicePixelRatio);
    if (canvas.width !== size) {
      canvas.width = size;
      canvas.height = size;
    }
    const context = canvas.getContext("2d")!;
    context.drawImage(this.#cells, 0, 0, size, size);
    const { x, y, place } = axesOf(player.policy.description.env);
    const [across, up] = place(player.after);
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

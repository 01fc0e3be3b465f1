import type { Policy } from "../../formats/policy.ts";
import { regionView } from "../../network/arena.ts";
import { type HiddenOutput, hiddenOutputs } from "../../network/hiddenOutputs.ts";
import { layOutParameters, type ParameterLayout } from "../../network/parameterLayout.ts";
import type { Inks } from "./inks.ts";

/** Most units of a column that are drawn. */
const MOST_UNITS = 24;
/** CSS pixels for the names of inputs, and for the bars of Q-values. */
const NAMES = 118;
const BARS = 165;
/** Width below which the names are above their units. */
const NARROW = 480;
/** Links weaker than this fraction of the strongest one are left out. */
const WEAKEST = 0.12;

/** A drawn unit. Column 0 has the inputs, the last one the Q-values. */
export interface DrawnUnit {
  readonly column: number;
  readonly index: number;
  readonly x: number;
  readonly y: number;
}

/** The picture of a network: places of its units, and views of its weights and outputs. */
export class NetworkPicture {
  readonly policy: Policy;
  readonly #hidden: readonly HiddenOutput[];
  readonly sizes: readonly number[];
  readonly #parameters: ParameterLayout;
  #columns: readonly (readonly DrawnUnit[])[] = [];
  #width = 0;
  #height = 0;
  /** Largest absolute Q-value so far, which scales the bars. */
  #most = 1e-6;

  constructor(policy: Policy) {
    const { shape } = policy.description;
    this.policy = policy;
    this.sizes = [shape.observationSize, ...shape.hiddenSizes, shape.actionCount];
    const parameters = layOutParameters(shape);
    const hidden = hiddenOutputs(parameters, policy.network.plan);
    // A convolution is not drawn.
    this.#hidden = hidden.slice(hidden.length - shape.hiddenSizes.length);
    this.#parameters = parameters;
  }

  /** Spreads the units over the canvas. Long columns show an even selection. */
  #place(width: number, height: number): void {
    if (width === this.#width && height === this.#height) return;
    this.#width = width;
    this.#height = height;
    const last = this.sizes.length - 1;
    const [left, right] = width < NARROW ? [14, 110] : [NAMES, BARS];
    this.#columns = this.sizes.map((size, column) => {
      const drawn = Math.min(size, MOST_UNITS);
      const x = left + ((width - left - right) * column) / last;
      const gap = Math.min(44, (height - 36) / drawn);
      return Array.from({ length: drawn }, (_, k) => ({
        column,
        index: Math.floor((k * size) / drawn),
        x,
        y: (height - 16) / 2 + (k - (drawn - 1) / 2) * gap,
      }));
    });
  }

  /** Outputs of a column for the last observation of the policy's network. */
  #outputs(column: number): Float32Array {
    const { core, observation, qValues } = this.policy.network;
    if (column === 0) return observation;
    if (column === this.sizes.length - 1) return qValues;
    return regionView(core.buffer, this.#hidden[column - 1]!.output);
  }

  /** The drawn unit nearest to a point; null if none is near. */
  unitAt(x: number, y: number): DrawnUnit | null {
    let nearest: DrawnUnit | null = null;
    let least = 14;
    for (const unit of this.#columns.flat()) {
      const distance = Math.hypot(unit.x - x, unit.y - y);
      if (distance >= least) continue;
      nearest = unit;
      least = distance;
    }
    return nearest;
  }

  /** @param chosen unit to mark */
  paint(
    context: CanvasRenderingContext2D,
    width: number,
    height: number,
    inks: Inks,
    names: readonly string[],
    chosen: DrawnUnit | null,
  ): void {
    this.#place(width, height);
    context.clearRect(0, 0, width, height);
    for (let column = 1; column < this.sizes.length; column++) {
      this.#paintLinks(context, column, inks);
    }
    context.globalAlpha = 1;
    const radius = Math.min(8, (height / MOST_UNITS) * 0.42);
    context.font = "12px system-ui, sans-serif";
    context.textBaseline = "middle";
    this.#columns.forEach((units, column) => {
      const outputs = this.#outputs(column);
      let largest = 1e-6;
      for (const { index } of units) largest = Math.max(largest, Math.abs(outputs[index]!));
      for (const { index, x, y } of units) {
        const value = outputs[index]! / largest;
        context.beginPath();
        context.arc(x, y, radius, 0, 2 * Math.PI);
        context.fillStyle = inks.paper;
        context.fill();
        context.globalAlpha = Math.abs(value);
        context.fillStyle = value < 0 ? inks.second : inks.first;
        context.fill();
        context.globalAlpha = 1;
        const marked = chosen?.column === column && chosen.index === index;
        context.strokeStyle = marked ? inks.ink : inks.scenery;
        context.lineWidth = marked ? 3 : 1;
        context.stroke();
      }
      this.#paintNames(context, column, inks, names, radius);
    });
    this.#paintBars(context, width, inks);
  }

  /** Draws the links to a column: blue for positive weights, orange for negative ones, wide for large ones. */
  #paintLinks(context: CanvasRenderingContext2D, column: number, inks: Inks): void {
    const { shape } = this.policy.description;
    const dense = this.#parameters.layers.filter(({ layer }) => layer.kind === "dense");
    const { layer, offsets } = dense[column - 1]!;
    const { inputs } = layer;
    // The outputs of a convolution are not drawn.
    if (inputs !== this.sizes[column - 1]) return;
    const dueling = shape.dueling && column === this.sizes.length - 1;
    const first = offsets.weight! / 4 + (dueling ? inputs : 0);
    const { weights } = this.policy;
    const [from, to] = [this.#columns[column - 1]!, this.#columns[column]!];
    let largest = 1e-9;
    for (const { index: row } of to) {
      for (const { index } of from) {
        largest = Math.max(largest, Math.abs(weights[first + row * inputs + index]!));
      }
    }
    for (const end of to) {
      for (const start of from) {
        const strength = weights[first + end.index * inputs + start.index]! / largest;
        const size = Math.abs(strength);
        if (size < WEAKEST) continue;
        context.globalAlpha = size * size * 0.9;
        context.strokeStyle = strength < 0 ? inks.second : inks.first;
        context.lineWidth = 0.4 + 2.4 * size;
        context.beginPath();
        context.moveTo(start.x, start.y);
        context.lineTo(end.x, end.y);
        context.stroke();
      }
    }
  }

  #paintNames(
    context: CanvasRenderingContext2D,
    column: number,
    inks: Inks,
    names: readonly string[],
    radius: number,
  ): void {
    const size = this.sizes[column]!;
    const units = this.#columns[column]!;
    const narrow = this.#width < NARROW;
    context.fillStyle = inks.faded;
    if (column === 0 && names.length > 0) {
      context.textAlign = narrow ? "left" : "right";
      for (const { index, x, y } of units) {
        const name = names[index % names.length]!;
        if (narrow) context.fillText(name, x - radius, y - radius - 8);
        else context.fillText(name, x - radius - 6, y);
      }
    }
    context.textAlign = narrow && column === 0 ? "left" : "center";
    const shown = units.length < size ? `${units.length} of ${size}` : String(size);
    const outputs = column === this.sizes.length - 1;
    const kind = column === 0 ? " inputs" : outputs ? " Q-values" : narrow ? "" : " units";
    const x = narrow && column === 0 ? units[0]!.x - radius : units[0]!.x;
    context.fillText(shown + kind, x, this.#height - 8);
  }

  /** Draws the Q-values as bars beside their units. The best one is full, the others are faint. */
  #paintBars(context: CanvasRenderingContext2D, width: number, inks: Inks): void {
    const { spec } = this.policy;
    const column = this.sizes.length - 1;
    const q = this.#outputs(column);
    const best = q.indexOf(Math.max(...q));
    for (const value of q) this.#most = Math.max(this.#most, Math.abs(value));
    context.textAlign = "left";
    const units = this.#columns[column]!;
    const tall = units.length > 1 && units[1]!.y - units[0]!.y < 30;
    for (const { index, x, y } of units) {
      const value = q[index]!;
      const left = x + 16;
      const room = width - left - 4;
      context.globalAlpha = index === best ? 1 : 0.4;
      context.fillStyle = value < 0 ? inks.second : inks.first;
      context.fillRect(left, y - 5, Math.max(1, (room * Math.abs(value)) / this.#most), 10);
      context.globalAlpha = 1;
      if (tall) continue;
      context.fillStyle = index === best ? inks.ink : inks.faded;
      const name = spec.actionNames?.[index] ?? `action ${index}`;
      context.fillText(`${name} ${value.toFixed(1)}`, left, y - 13);
    }
  }
}

import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { viewOf } from "../../scenes/views.ts";
import { useFrames } from "../drawing/frames.ts";
import { type Inks, inks } from "../drawing/inks.ts";
import {
  colorLandscape,
  gridOf,
  type Landscape,
  mapBox,
  paintMap,
  pointAt,
} from "../drawing/mapPicture.ts";
import { sizeCanvas } from "../drawing/sizeCanvas.ts";
import { chosenUnit, session, stage, tab } from "../state/app.ts";
import type { Run } from "../state/session.ts";

/** Cells per side for networks of up to so many weights. */
const finest = [
  [20_000, 48],
  [200_000, 32],
  [Infinity, 20],
] as const;
/** Milliseconds between two drawings. */
const INTERVAL = 90;

/** What the map on the screen was made of. */
interface Made {
  readonly landscape: Landscape;
  readonly run: Run;
  readonly version: number;
  readonly unit: string;
  readonly colors: Inks;
}

/** Keeps the landscape of the current run up to date. The worker computes it, one map at a time. */
class Mapper {
  made: Made | null = null;
  readonly cells = new OffscreenCanvas(1, 1);
  range: readonly [number, number] = [0, 0];
  #busy = false;
  #next = 0;

  /** Asks for a new map if the network, the unit or the theme has changed. It may take a fifth of the worker's time. */
  update(run: Run): void {
    const unit = chosenUnit.peek();
    const key = unit === null ? "" : `${unit.column} ${unit.index}`;
    const { made } = this;
    const { version } = run.history;
    const current = made?.run === run && made.version === version && made.unit === key;
    if (current && made.colors !== inks.peek()) this.#show({ ...made, colors: inks.peek() });
    const urgent = made?.run !== run || made.unit !== key;
    if (current || this.#busy || (!urgent && performance.now() < this.#next)) return;
    this.#busy = true;
    const begun = performance.now();
    const { length } = run.trainer.snapshot.weights;
    const [, cells] = finest.find(([most]) => length <= most)!;
    const { observation } = run.trainer.snapshot.current;
    const axes = viewOf(run.tab.env)!.qValueAxes;
    const grid = gridOf(axes, cells, observation.length);
    const hidden = unit === null ? undefined : { layer: unit.column - 1, index: unit.index };
    run.trainer
      .qValues(grid, hidden)
      .then(
        (values) => {
          const landscape = { cells, values, count: values.length / (cells * cells) };
          this.#show({ landscape, run, version, unit: key, colors: inks.peek() });
        },
        () => {},
      )
      .finally(() => {
        this.#busy = false;
        this.#next = performance.now() + Math.max(100, 4 * (performance.now() - begun));
      });
  }

  #show(made: Made): void {
    const { cells } = made.landscape;
    const image = new ImageData(cells, cells);
    this.range = colorLandscape(made.landscape, image, made.colors);
    this.cells.width = cells;
    this.cells.height = cells;
    this.cells.getContext("2d")!.putImageData(image, 0, 0);
    this.made = made;
  }
}

const mapper = new Mapper();

/** Describes a point of the map: its place and the values there. */
function readout(across: number, down: number, names: readonly string[]): string {
  const { made } = mapper;
  if (made === null) return "";
  const { cells, count, values } = made.landscape;
  const axes = viewOf(made.run.tab.env)!.qValueAxes;
  const [x, y] = pointAt(axes, across, down);
  const cell = Math.floor(down * cells) * cells + Math.floor(across * cells);
  const place = `${axes.x.name} ${x.toPrecision(2)}, ${axes.y.name} ${y.toPrecision(2)}`;
  const texts = Array.from({ length: count }, (_, k) => {
    const value = values[cell * count + k]!.toFixed(2);
    return count === 1 ? value : `${names[k] ?? k} ${value}`;
  });
  return `${place}: ${texts.join(", ")}`;
}

/** The landscape of the Q-values, or of a unit of the network, over two numbers of the state. */
export function QValueMap() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const hovered = useSignal("");
  const range = useSignal("");
  const run = session.run.value;
  useFrames(
    canvas,
    () => {
      const { player } = stage;
      if (run === null || player === null) return;
      mapper.update(run);
      const axes = viewOf(run.tab.env)!.qValueAxes;
      const { context, height, width } = sizeCanvas(canvas.current!);
      const picture = mapper.made?.run === run ? mapper.cells : null;
      paintMap(context, width, height, picture, axes, stage.pose, inks.peek());
      const [least, most] = mapper.range;
      range.value = `${least.toPrecision(2)} to ${most.toPrecision(2)}`;
    },
    INTERVAL,
  );
  const unit = chosenUnit.value;
  const others = (tab.value.inputs?.length ?? 0) > 2;
  const names = stage.player?.policy.spec.actionNames ?? [];
  return (
    <section id="q-values" aria-labelledby="q-values-title">
      <h2 id="q-values-title">
        {unit === null
          ? "What it would do, and what it expects"
          : `Output of unit ${unit.index + 1} in layer ${unit.column}`}
      </h2>
      <canvas
        ref={canvas}
        id="q-value-canvas"
        role="img"
        aria-label="Map of the best action and its Q-value over two numbers of the state"
        onPointerMove={({ offsetX, offsetY }) => {
          const box = mapBox(canvas.current!.clientWidth, canvas.current!.clientHeight);
          const across = (offsetX - box.left) / box.width;
          const down = (offsetY - box.top) / box.height;
          const inside = across >= 0 && across < 1 && down >= 0 && down < 1;
          hovered.value = inside ? readout(across, down, names) : "";
        }}
        onPointerLeave={() => {
          hovered.value = "";
        }}
      />
      <p class="legend" id="legend">
        {unit === null && names.map((name) => <span key={name}>{name}</span>)}
        <b>
          {unit === null ? "Q-values" : "outputs"} {range}
        </b>
      </p>
      <p class="help readout" id="readout">
        {hovered.value ||
          `${unit === null ? "The colour shows the best action. The stronger it is, the higher the Q-value." : "Blue is positive, orange is negative."} The ring is the state on the stage.${others ? " All other numbers of the state are 0." : ""}`}
      </p>
    </section>
  );
}

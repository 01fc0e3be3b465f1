import uPlot from "uplot";
import { ink } from "./page.ts";
import { Points } from "./points.ts";

const compact = new Intl.NumberFormat("en-US", { notation: "compact" });

/** A curve of a chart. */
export interface Curve {
  readonly label: string;
  /** Name of a CSS variable. */
  readonly ink: string;
  /** Points without a line. */
  readonly dots?: true;
  /** Drawn on a second axis from 0 to 1. */
  readonly unitAxis?: true;
}

export interface ChartOptions {
  readonly x: string;
  readonly height: number;
  readonly curves: readonly Curve[];
  /** Describes the chart in words for screen readers. */
  readonly describe: () => string;
}

/** A chart of curves. Each has its own points, from left to right. */
export class Chart {
  #curves: readonly Points[];
  readonly #element: HTMLElement;
  readonly #options: ChartOptions;
  #plot: uPlot | null = null;
  #changed = false;

  constructor(element: HTMLElement, options: ChartOptions) {
    this.#element = element;
    this.#options = options;
    this.#curves = options.curves.map(() => new Points());
    element.setAttribute("role", "img");
    element.setAttribute("aria-label", options.describe());
    this.#build();
    new ResizeObserver(() => this.#resize()).observe(element);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#build());
  }

  #build(): void {
    this.#plot?.destroy();
    const axis = {
      stroke: ink("--faded"),
      grid: { stroke: ink("--line"), width: 1 },
      ticks: { show: false },
      font: "12px system-ui, sans-serif",
    };
    const { curves, height, x } = this.#options;
    this.#plot = new uPlot(
      {
        width: this.#element.clientWidth || 300,
        height,
        legend: { live: false },
        cursor: { y: false, points: { size: 7 } },
        scales: { x: { time: false }, unit: { range: [0, 1] } },
        axes: [
          { ...axis, label: x, labelSize: 18, labelFont: axis.font, size: 34 },
          { ...axis, size: 46, values: (_: uPlot, ticks: number[]) => ticks.map(compact.format) },
          ...(curves.some(({ unitAxis }) => unitAxis)
            ? [{ ...axis, scale: "unit", side: 1 as const, size: 38, grid: { show: false } }]
            : []),
        ],
        series: [
          { label: x },
          ...curves.map(({ dots, ink: name, label, unitAxis }) => ({
            label,
            stroke: ink(name),
            width: 2,
            spanGaps: true,
            scale: unitAxis ? "unit" : "y",
            points: dots
              ? { show: true, size: 4, fill: ink(name), stroke: ink(name) }
              : { show: false },
            ...(dots && { paths: () => null }),
          })),
        ],
      },
      this.#data(),
      this.#element,
    );
  }

  #resize(): void {
    const width = this.#element.clientWidth;
    if (width > 0) this.#plot?.setSize({ width, height: this.#options.height });
  }

  clear(): void {
    this.#curves = this.#curves.map(() => new Points());
    this.#changed = true;
  }

  /** Adds a point to a curve; x must not decrease. */
  add(curve: number, x: number, y: number): void {
    this.#curves[curve]!.add(x, y);
    this.#changed = true;
  }

  #data(): uPlot.AlignedData {
    if (this.#curves.every(({ xs }) => xs.length === 0)) return [[], ...this.#curves.map(() => [])];
    return uPlot.join(this.#curves.map(({ xs, ys }): uPlot.AlignedData => [xs, ys]));
  }

  /** Draws the points added since the last call. */
  draw(): void {
    if (!this.#changed) return;
    this.#changed = false;
    this.#plot?.setData(this.#data());
    this.#element.setAttribute("aria-label", this.#options.describe());
  }
}

import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import type { Points } from "../state/points.ts";
import { useFrames } from "./frames.ts";
import { type Inks, inks } from "./inks.ts";

const compact = new Intl.NumberFormat("en-US", { notation: "compact" });
const font = "12px system-ui, sans-serif";
/** Milliseconds between two drawings. */
const INTERVAL = 150;

/** A curve of a chart. */
export interface Curve {
  readonly label: string;
  readonly ink: keyof Inks;
  readonly points: Points;
  /** Faint points without a line. */
  readonly faint?: boolean;
  readonly bold?: boolean;
  /** Drawn on a second axis from 0 to 1. */
  readonly unitAxis?: boolean;
}

interface ChartProps {
  /** Label of the x axis, which begins at 0. */
  readonly x: string;
  /** The x axis ends here, or at the last point if that is later. */
  readonly end: number;
  /** Range of the y axis; by default that of the points. */
  readonly range?: readonly [number, number] | undefined;
  /** Height of a dashed line. */
  readonly goal?: number | null;
  readonly height: number;
  readonly curves: readonly Curve[];
  /** Describes the chart in words for screen readers. */
  readonly label: string;
}

function dataOf(curves: readonly Curve[]): uPlot.AlignedData {
  if (curves.every(({ points }) => points.xs.length === 0)) return [[], ...curves.map(() => [])];
  return uPlot.join(curves.map(({ points }): uPlot.AlignedData => [points.xs, points.ys]));
}

/** Draws a dashed line at the goal. */
function drawGoal(plot: uPlot, goal: number, { faded, paper }: Inks): void {
  const { ctx: context } = plot;
  const { height, left, top, width } = plot.bbox;
  const y = plot.valToPos(goal, "y", true);
  if (y < top || y > top + height) return;
  context.save();
  context.strokeStyle = faded;
  context.fillStyle = faded;
  context.lineWidth = devicePixelRatio;
  context.setLineDash([6 * devicePixelRatio, 5 * devicePixelRatio]);
  context.beginPath();
  context.moveTo(left, y);
  context.lineTo(left + width, y);
  context.stroke();
  context.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
  context.textAlign = "left";
  const below = y - top < 20 * devicePixelRatio;
  const text = [`goal ${goal}`, left + 6, y + (below ? 16 : -6) * devicePixelRatio] as const;
  // Keeps the lines of the grid away from the text.
  context.setLineDash([]);
  context.lineWidth = 6 * devicePixelRatio;
  context.lineJoin = "round";
  context.strokeStyle = paper;
  context.strokeText(...text);
  context.fillText(...text);
  context.restore();
}

function makePlot(element: HTMLElement, props: () => ChartProps, colors: Inks): uPlot {
  const { curves, height, x } = props();
  const axis = {
    stroke: colors.faded,
    grid: { stroke: colors.line, width: 1 },
    ticks: { show: false },
    font,
  };
  const range = (_: uPlot, least: number | null, most: number | null): uPlot.Range.MinMax => {
    const fixed = props().range;
    if (fixed !== undefined) {
      return [Math.min(fixed[0], least ?? fixed[0]), Math.max(fixed[1], most ?? fixed[1])];
    }
    if (least === null || most === null) return [0, 1];
    return uPlot.rangeNum(least, most, 0.1, true);
  };
  return new uPlot(
    {
      width: element.clientWidth || 300,
      height,
      legend: { live: false },
      cursor: { y: false, points: { size: 7 } },
      scales: {
        x: { time: false, range: (_, _least, most) => [0, Math.max(props().end, most ?? 0)] },
        y: { range },
        unit: { range: [0, 1] },
      },
      axes: [
        {
          ...axis,
          label: x,
          labelSize: 18,
          labelFont: font,
          size: 34,
          values: (_, ticks) => ticks.map((tick) => compact.format(tick)),
        },
        { ...axis, size: 46, values: (_, ticks) => ticks.map((tick) => compact.format(tick)) },
        ...(curves.some(({ unitAxis }) => unitAxis)
          ? [{ ...axis, scale: "unit", side: 1 as const, size: 38, grid: { show: false } }]
          : []),
      ],
      series: [
        { label: x },
        ...curves.map(({ bold, faint, ink, label, unitAxis }): uPlot.Series => {
          const color = colors[ink];
          return {
            label,
            stroke: color,
            width: bold ? 3.5 : 2,
            spanGaps: true,
            scale: unitAxis ? "unit" : "y",
            alpha: faint ? 0.55 : 1,
            points: {
              show: bold || faint || false,
              size: bold ? 7 : 3,
              fill: color,
              stroke: color,
            },
            ...(faint && { paths: () => null }),
          };
        }),
      ],
      hooks: {
        drawAxes: [
          (plot) => {
            const { goal } = props();
            if (goal !== null && goal !== undefined) drawGoal(plot, goal, colors);
          },
        ],
      },
    },
    dataOf(curves),
    element,
  );
}

/** A chart of curves. Each has its own points, from left to right. */
export function Chart(props: ChartProps) {
  const element = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const current = useRef(props);
  const drawn = useRef({ curves: props.curves, count: -1 });
  current.current = props;
  const colors = inks.value;
  useEffect(() => {
    const observer = new ResizeObserver(() => {
      const width = element.current?.clientWidth ?? 0;
      if (width > 0) plot.current?.setSize({ width, height: current.current.height });
    });
    observer.observe(element.current!);
    return () => {
      observer.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [colors]);
  useFrames(
    element,
    () => {
      const { curves } = current.current;
      const count = curves.reduce((sum, { points }) => sum + points.added, 0);
      const same = drawn.current.curves === curves && drawn.current.count === count;
      if (same && plot.current !== null) return;
      drawn.current = { curves, count };
      // Made when it first becomes visible, so that the page starts sooner.
      if (plot.current === null) {
        plot.current = makePlot(element.current!, () => current.current, colors);
      } else plot.current.setData(dataOf(curves));
    },
    INTERVAL,
  );
  return (
    <div
      ref={element}
      class="chart"
      role="img"
      aria-label={props.label}
      style={{ minHeight: `${props.height + 24}px` }}
    />
  );
}

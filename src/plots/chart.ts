import { scaleLinear, scaleLog } from "d3-scale";
import { area, line } from "d3-shape";
import { INKS, inkClass, type LegendEntry, legendBlock, textBlock } from "./legend.ts";
import { escapeMarkup } from "./markup.ts";
import { tickLabels } from "./tickLabels.ts";

/** A point of a curve. A point that is not finite is a gap. */
export type Point = readonly [x: number, y: number];

/** Part of a panel. Marks are drawn in order. Lines of the `color` 0 to 5 are solid, those of 6 to 17 dashed. */
export type Mark =
  | {
      readonly kind: "line";
      readonly color: number;
      readonly points: readonly Point[];
      /** Named marks appear in the legend. */
      readonly name?: string;
      /** Thin and pale, for many lines. */
      readonly faint?: boolean;
      /** Thin, for few lines. */
      readonly thin?: boolean;
      readonly dots?: boolean;
    }
  | {
      readonly kind: "band";
      readonly color: number;
      /** Lower and upper edge over x. */
      readonly points: readonly (readonly [x: number, low: number, high: number])[];
    }
  | {
      /** A dashed horizontal line with a label at its end. */
      readonly kind: "level";
      readonly y: number;
      readonly name: string;
    };

export interface Axis {
  readonly label: string;
  /** Base of a logarithmic axis; without it the axis is linear. */
  readonly logBase?: number;
  /** Ends of the axis; default: those of the marks. */
  readonly from?: number;
  readonly to?: number;
}

export interface Panel {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly marks: readonly Mark[];
}

const WIDTH = 380;
const HEIGHT = 250;
const LEFT = 52;
const RIGHT = 22;
const TOP = 52;
const BOTTOM = 40;

const light = ["#0969da", "#bc4c00", "#1a7f37", "#8250df", "#bf3989", "#57606a"];
const dark = ["#58a6ff", "#f0883e", "#3fb950", "#bc8cff", "#f778ba", "#9198a1"];

const inks = (colors: readonly string[]) =>
  colors.map((color, k) => `.l${k}{stroke:${color}}.f${k}{fill:${color}}`).join("");

const style = [
  "text{font:12px system-ui,sans-serif;fill:#57606a}.title{font-size:14px;font-weight:600;fill:#24292f}",
  ".grid{stroke:#d0d7de}.level{stroke:#57606a;stroke-dasharray:5 4}.line{fill:none;stroke-width:2.2;stroke-linejoin:round}",
  `.d1{stroke-dasharray:7 3}.d2{stroke-dasharray:2 3}.thin{stroke-width:1;stroke-opacity:.65}.faint{stroke-width:1;stroke-opacity:.16}.band{fill-opacity:.17}${inks(light)}`,
  `@media(prefers-color-scheme:dark){text{fill:#9198a1}.title{fill:#f0f6fc}.grid{stroke:#3d444d}.level{stroke:#9198a1}${inks(dark)}}`,
].join("");

const round = (value: number) => Math.round(value * 100) / 100;

type Scale =
  | ReturnType<typeof scaleLinear<number, number>>
  | ReturnType<typeof scaleLog<number, number>>;

function scale(axis: Axis, values: readonly number[], range: [number, number]): Scale {
  const finite = values.filter((value) => Number.isFinite(value));
  const least = axis.from ?? finite.reduce((a, b) => Math.min(a, b), Infinity);
  const greatest = axis.to ?? finite.reduce((a, b) => Math.max(a, b), -Infinity);
  const known = least < greatest;
  const low = known ? least : Number.isFinite(least) ? least - (axis.logBase ? least / 2 : 1) : 1;
  const high = known ? greatest : Number.isFinite(least) ? least * (axis.logBase ? 2 : 1) + 1 : 2;
  if (axis.logBase !== undefined) {
    return scaleLog([low, high], range).base(axis.logBase);
  }
  return axis.to === undefined
    ? scaleLinear([low, high], range).nice(5)
    : scaleLinear([low, high], range);
}

function xValues(mark: Mark): number[] {
  return mark.kind === "level" ? [] : mark.points.map(([x]) => x);
}

function yValues(mark: Mark): number[] {
  if (mark.kind === "level") return [mark.y];
  return mark.kind === "line"
    ? mark.points.map(([, y]) => y)
    : mark.points.flatMap(([, low, high]) => [low, high]);
}

/** At most about `count` ticks. A logarithmic axis uses powers of its base if it has more than two. */
function ticks(of: Scale, axis: Axis, count: number): number[] {
  const all = of.ticks(count);
  const { logBase } = axis;
  const powers = all.filter((value) => {
    const power = logBase === undefined ? 0 : Math.log(value) / Math.log(logBase);
    return Math.abs(power - Math.round(power)) < 1e-6;
  });
  const chosen = powers.length > 2 ? powers : all;
  const every = Math.ceil(chosen.length / (count + 2));
  return chosen.filter((value, k) => k % every === 0 && drawable(of(value)));
}

/** Whether coordinates are finite. Those of values near the largest float64 may overflow. */
const drawable = (...places: readonly number[]) => places.every((place) => Number.isFinite(place));

function markSvg(mark: Mark, x: Scale, y: Scale): string {
  if (mark.kind === "level") {
    if (!drawable(y(mark.y))) return "";
    const at = round(y(mark.y));
    return `<line class="level" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}"/><text x="${WIDTH - RIGHT}" y="${at - 5}" text-anchor="end">${escapeMarkup(mark.name)}</text>`;
  }
  if (mark.kind === "band") {
    const path = area<readonly [number, number, number]>(
      (point) => round(x(point[0])),
      (point) => round(y(point[1])),
      (point) => round(y(point[2])),
    ).defined((point) => drawable(x(point[0]), y(point[1]), y(point[2])))([...mark.points]);
    return `<path class="band f${mark.color % INKS}" d="${path ?? ""}"/>`;
  }
  const seen = (point: Point) => drawable(x(point[0]), y(point[1]));
  const path = line<Point>(
    (point) => round(x(point[0])),
    (point) => round(y(point[1])),
  ).defined(seen)([...mark.points]);
  // A point between two gaps has no line, so it gets a dot.
  const alone = (k: number) =>
    [k - 1, k + 1].every((next) => mark.points[next] === undefined || !seen(mark.points[next]));
  const dots = mark.points
    .filter((point, k) => seen(point) && (mark.dots === true || alone(k)))
    .map(
      ([a, b]) =>
        `<circle class="f${mark.color % INKS}" r="2.6" cx="${round(x(a))}" cy="${round(y(b))}"/>`,
    );
  const weight = mark.faint ? " faint" : mark.thin ? " thin" : "";
  const curve = `<path class="line ${inkClass(mark.color)}${weight}" d="${path ?? ""}"/>`;
  return [curve, ...dots].join("");
}

/** The named curves of all panels, each once. */
function legendEntries(panels: readonly Panel[]): LegendEntry[] {
  const entries = new Map<string, LegendEntry>();
  for (const mark of panels.flatMap(({ marks }) => marks)) {
    if (mark.kind !== "line" || mark.name === undefined) continue;
    entries.set(`${mark.color} ${mark.name}`, { color: mark.color, name: mark.name });
  }
  return [...entries.values()].sort((a, b) => a.color - b.color);
}

function panelSvg({ marks, title, x, y }: Panel): string {
  const across = scale(x, marks.flatMap(xValues), [LEFT, WIDTH - RIGHT]);
  const up = scale(y, marks.flatMap(yValues), [HEIGHT - BOTTOM, TOP]);
  const heights = ticks(up, y, 5);
  const heightLabels = tickLabels(heights);
  const rows = heights.map((value, k) => {
    const at = round(up(value));
    const line = `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}"/>`;
    return `${line}<text x="${LEFT - 7}" y="${at + 4}" text-anchor="end">${heightLabels[k]}</text>`;
  });
  const places = ticks(across, x, 6);
  const placeLabels = tickLabels(places);
  const columns = places.map((value, k) => {
    const at = `x="${round(across(value))}" y="${HEIGHT - BOTTOM + 17}"`;
    return `<text ${at} text-anchor="middle">${placeLabels[k]}</text>`;
  });
  const label = `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${escapeMarkup(x.label)}</text>`;
  return [
    `<text class="title" x="${LEFT}" y="20">${escapeMarkup(title)}</text>`,
    `<text x="${LEFT}" y="38">${escapeMarkup(y.label)}</text>`,
    ...rows,
    ...columns,
    label,
    ...marks.map((mark) => markSvg(mark, across, up)),
  ].join("");
}

/** Space above the legend and below the caption. */
const EDGE = 10;

/**
 * Draws panels in rows of `columns` as one SVG, with a common legend above and a caption below. The colors follow the viewer's light or
 * dark theme.
 * @param description text for screen readers
 */
export function chartSvg(
  panels: readonly Panel[],
  columns: number,
  description: string,
  caption = "",
): string {
  const across = Math.min(columns, panels.length);
  const down = Math.ceil(panels.length / across);
  const width = across * WIDTH;
  const room = width - LEFT - RIGHT;
  const legend = legendBlock(legendEntries(panels), LEFT, room);
  const words = textBlock(caption, LEFT, room);
  const top = legend.height === 0 ? 0 : EDGE + legend.height;
  const below = top + down * HEIGHT;
  const height = below + (words.height === 0 ? 0 : words.height + 2 * EDGE);
  const at = (x: number, y: number, svg: string) =>
    svg === "" ? "" : `<g transform="translate(${x} ${y})">${svg}</g>`;
  const body = [
    at(0, EDGE, legend.svg),
    ...panels.map((panel, k) =>
      at((k % across) * WIDTH, top + Math.floor(k / across) * HEIGHT, panelSvg(panel)),
    ),
    at(0, below + EDGE, words.svg),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeMarkup(description)}"><style>${style}</style>${body.join("")}</svg>\n`;
}

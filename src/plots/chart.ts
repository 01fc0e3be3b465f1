import { scaleLinear, scaleLog } from "d3-scale";
import { area, line } from "d3-shape";

/** A point of a curve; where it is not finite there is a gap. */
export type Point = readonly [x: number, y: number];

/** What is drawn into a panel, in the order given. Marks of the same `color`, 0 to 5, belong together. */
export type Mark =
  | {
      readonly kind: "line";
      readonly color: number;
      readonly points: readonly Point[];
      /** Named marks appear in the legend. */
      readonly name?: string;
      /** Thin and pale, for one of many. */
      readonly faint?: boolean;
      readonly dots?: boolean;
    }
  | {
      readonly kind: "band";
      readonly color: number;
      /** Lower and upper edge over x. */
      readonly points: readonly (readonly [x: number, low: number, high: number])[];
    }
  | {
      /** A dashed line across, with a word at its end. */
      readonly kind: "level";
      readonly y: number;
      readonly name: string;
    };

export interface Axis {
  readonly label: string;
  /** A logarithmic axis with this base; linear where it is left out. */
  readonly logBase?: number;
  /** Ends of the axis; as the marks need where they are left out. */
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
  `.faint{stroke-width:1;stroke-opacity:.16}.band{fill-opacity:.17}${inks(light)}`,
  `@media(prefers-color-scheme:dark){text{fill:#9198a1}.title{fill:#f0f6fc}.grid{stroke:#3d444d}.level{stroke:#9198a1}${inks(dark)}}`,
].join("");

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

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

function word(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${round(value / 1e6)}M`;
  return size >= 1e4 ? `${round(value / 1e3)}k` : `${round(value)}`;
}

/** At most about `count` places for words; on a logarithmic axis the powers of its base, where there are enough. */
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

/** Whether places have a number: those of numbers near the largest there are may have none. */
const drawable = (...places: readonly number[]) => places.every((place) => Number.isFinite(place));

function markSvg(mark: Mark, x: Scale, y: Scale): string {
  if (mark.kind === "level") {
    if (!drawable(y(mark.y))) return "";
    const at = round(y(mark.y));
    return `<line class="level" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}"/><text x="${WIDTH - RIGHT}" y="${at - 5}" text-anchor="end">${escaped(mark.name)}</text>`;
  }
  if (mark.kind === "band") {
    const path = area<readonly [number, number, number]>(
      (point) => round(x(point[0])),
      (point) => round(y(point[1])),
      (point) => round(y(point[2])),
    ).defined((point) => drawable(x(point[0]), y(point[1]), y(point[2])))([...mark.points]);
    return `<path class="band f${mark.color}" d="${path ?? ""}"/>`;
  }
  const seen = (point: Point) => drawable(x(point[0]), y(point[1]));
  const path = line<Point>(
    (point) => round(x(point[0])),
    (point) => round(y(point[1])),
  ).defined(seen)([...mark.points]);
  const dots = mark.dots
    ? mark.points
        .filter(seen)
        .map(
          ([a, b]) =>
            `<circle class="f${mark.color}" r="2.6" cx="${round(x(a))}" cy="${round(y(b))}"/>`,
        )
    : [];
  const curve = `<path class="line l${mark.color}${mark.faint ? " faint" : ""}" d="${path ?? ""}"/>`;
  return [curve, ...dots].join("");
}

/** The y axis's label, then a coloured square and a word for each named mark. */
function legend(label: string, marks: readonly Mark[]): string {
  const words = [`<text x="${LEFT}" y="38">${escaped(label)}</text>`];
  let at = LEFT + (label === "" ? 0 : 18 + 6.4 * label.length);
  for (const mark of marks) {
    if (mark.kind !== "line" || mark.name === undefined) continue;
    const { color, name } = mark;
    words.push(`<rect class="f${color}" x="${round(at)}" y="29" width="10" height="10" rx="2"/>`);
    words.push(`<text x="${round(at + 14)}" y="38">${escaped(name)}</text>`);
    at += 28 + 6.4 * name.length;
  }
  return words.join("");
}

function panelSvg({ marks, title, x, y }: Panel): string {
  const across = scale(x, marks.flatMap(xValues), [LEFT, WIDTH - RIGHT]);
  const up = scale(y, marks.flatMap(yValues), [HEIGHT - BOTTOM, TOP]);
  const rows = ticks(up, y, 5).map((value) => {
    const at = round(up(value));
    const line = `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}"/>`;
    return `${line}<text x="${LEFT - 7}" y="${at + 4}" text-anchor="end">${word(value)}</text>`;
  });
  const columns = ticks(across, x, 6).map((value) => {
    const at = `x="${round(across(value))}" y="${HEIGHT - BOTTOM + 17}"`;
    return `<text ${at} text-anchor="middle">${word(value)}</text>`;
  });
  const label = `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${escaped(x.label)}</text>`;
  return [
    `<text class="title" x="${LEFT}" y="20">${escaped(title)}</text>`,
    legend(y.label, marks),
    ...rows,
    ...columns,
    label,
    ...marks.map((mark) => markSvg(mark, across, up)),
  ].join("");
}

/**
 * Panels side by side, `columns` in a row, as one SVG picture that follows the viewer's light or dark theme.
 * @param description what a screen reader says of it
 */
export function chartSvg(panels: readonly Panel[], columns: number, description: string): string {
  const across = Math.min(columns, panels.length);
  const down = Math.ceil(panels.length / across);
  const body = panels.map((panel, k) => {
    const [x, y] = [(k % across) * WIDTH, Math.floor(k / across) * HEIGHT];
    return `<g transform="translate(${x} ${y})">${panelSvg(panel)}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${across * WIDTH} ${down * HEIGHT}" role="img" aria-label="${escaped(description).replace(/"/g, "&quot;")}"><style>${style}</style>${body.join("")}</svg>\n`;
}

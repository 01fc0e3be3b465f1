// asciichart: line charts in box characters, MIT, no dependencies.
import asciichart from "asciichart";
import type { Training } from "../dqn/training.ts";
import { pictureSource } from "../scenes/pictures.ts";
import { frameText } from "./frameText.ts";

const CHART_ROWS = 8;
const SCENE_COLUMNS = 64;

/** Picture above the progress line: a chart of the episode lengths with their mean of 100, and optionally the environment. */
export class LiveView {
  readonly #training: Training;
  readonly #source: ReturnType<typeof pictureSource>;
  readonly #lengths: number[] = [];
  readonly #means: number[] = [];
  #sum = 0;

  constructor(training: Training, render: boolean) {
    const { config, environment } = training;
    this.#training = training;
    this.#source = render ? pictureSource(config.env, config, environment) : null;
  }

  addEpisode(length: number): void {
    const lengths = this.#lengths;
    lengths.push(length);
    this.#sum += length - (lengths[lengths.length - 101] ?? 0);
    this.#means.push(this.#sum / Math.min(lengths.length, 100));
  }

  lines(columns: number): string[] {
    return [...this.#sceneLines(columns), ...this.#chartLines(columns)];
  }

  #sceneLines(columns: number): string[] {
    if (this.#source === null) return [];
    const { observation } = this.#training.actors[0]!;
    return frameText(this.#source(observation), Math.min(columns, SCENE_COLUMNS));
  }

  #chartLines(columns: number): string[] {
    if (this.#lengths.length < 2) return [];
    const width = Math.min(columns - 12, 100);
    const series = [averaged(this.#lengths, width), averaged(this.#means, width)];
    const colors = [asciichart.darkgray, asciichart.lightblue];
    const chart = asciichart.plot(series, { height: CHART_ROWS, colors, min: 0 });
    return ["steps per episode, and the mean of 100", ...chart.split("\n")];
  }
}

/** Reduces a series to at most `width` values, each the mean of equally many. */
function averaged(values: readonly number[], width: number): number[] {
  if (values.length <= width) return [...values];
  return Array.from({ length: width }, (_, k) => {
    const from = Math.floor((k * values.length) / width);
    const to = Math.floor(((k + 1) * values.length) / width);
    return values.slice(from, to).reduce((sum, value) => sum + value, 0) / (to - from);
  });
}

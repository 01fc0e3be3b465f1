import type { Snapshot } from "../../browserTrainer/snapshot.ts";
import type { Inks } from "../drawing/inks.ts";
import { sizeCanvas } from "../drawing/sizeCanvas.ts";

interface Score {
  readonly steps: number;
  readonly score: number;
}

const MOST_DOTS = 1_500;

/** The learning curve: training episodes as faint dots, evaluations or else the mean of 100 episodes as a line, and the goal. */
export class DemoCurve {
  readonly #canvas: HTMLCanvasElement;
  readonly #goal: number | null;
  #least: number;
  #most: number;
  #dots: Score[] = [];
  #line: Score[] = [];
  #steps = 1;

  /** @param scores expected range of the scores */
  constructor(
    canvas: HTMLCanvasElement,
    goal: number | null,
    [least, most]: readonly [number, number],
  ) {
    this.#canvas = canvas;
    this.#goal = goal;
    this.#least = least;
    this.#most = most;
  }

  add({ ended, evaluations, meanReturn, steps }: Snapshot, evaluates: boolean): void {
    this.#steps = Math.max(1, steps);
    for (const episode of ended) this.#dots.push({ steps: episode.steps, score: episode.return });
    if (evaluates) {
      for (const { mean, steps: at } of evaluations) this.#line.push({ steps: at, score: mean });
    } else if (meanReturn !== null) this.#line.push({ steps, score: meanReturn });
    this.#dots = thinned(this.#dots);
    this.#line = thinned(this.#line);
    for (const { score } of [...this.#dots.slice(-ended.length), ...this.#line.slice(-1)]) {
      this.#least = Math.min(this.#least, score);
      this.#most = Math.max(this.#most, score);
    }
  }

  draw(inks: Inks): void {
    const { context, height, width } = sizeCanvas(this.#canvas);
    context.clearRect(0, 0, width, height);
    const x = (steps: number) => 4 + ((width - 8) * steps) / this.#steps;
    const range = this.#most - this.#least || 1;
    const y = (score: number) => height - 6 - ((height - 12) * (score - this.#least)) / range;
    context.fillStyle = inks.scenery;
    context.globalAlpha = 0.5;
    for (const { score, steps } of this.#dots) context.fillRect(x(steps) - 1, y(score) - 1, 2, 2);
    context.globalAlpha = 1;
    if (this.#goal !== null) {
      context.strokeStyle = inks.second;
      context.lineWidth = 1;
      context.setLineDash([4, 4]);
      context.beginPath();
      context.moveTo(0, y(this.#goal));
      context.lineTo(width, y(this.#goal));
      context.stroke();
      context.setLineDash([]);
      context.fillStyle = inks.faded;
      context.font = "12px system-ui, sans-serif";
      context.textBaseline = y(this.#goal) < 20 ? "top" : "bottom";
      const below = y(this.#goal) < 20 ? 3 : -3;
      context.fillText(`goal ${this.#goal}`, 4, y(this.#goal) + below);
    }
    context.strokeStyle = inks.first;
    context.lineWidth = 2.5;
    context.lineJoin = "round";
    context.beginPath();
    for (const { score, steps } of this.#line) context.lineTo(x(steps), y(score));
    context.stroke();
    // A single evaluation has no line.
    context.fillStyle = inks.first;
    const radius = this.#line.length < 60 ? 3 : 0;
    for (const { score, steps } of this.#line) {
      context.beginPath();
      context.arc(x(steps), y(score), radius, 0, 2 * Math.PI);
      context.fill();
    }
  }
}

/** Drops every other element of a list that is full. */
function thinned(list: Score[]): Score[] {
  return list.length <= MOST_DOTS ? list : list.filter((_, k) => k % 2 === 0);
}

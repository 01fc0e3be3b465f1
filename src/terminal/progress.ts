import type { EpisodeRecord } from "../dqn/observer.ts";
import { count, fixed, score } from "../numberText.ts";

/** Output stream of the progress. A terminal shows a live line, any other stream plain lines. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Numbers of the live line. */
export interface ProgressState {
  readonly steps: number;
  readonly episodes: number;
  readonly meanReturn100: number | null;
  readonly epsilon: number;
  readonly seconds: number;
  /** Finished fraction of the configured steps or episodes, from 0 to 1. */
  readonly fraction: number;
}

const CLEAR_LINE = "\r\u001b[2K";
const BAR_CELLS = 20;

function bar(fraction: number): string {
  const filled = Math.round(Math.min(1, fraction) * BAR_CELLS);
  return "\u2501".repeat(filled) + "\u2500".repeat(BAR_CELLS - filled);
}

function liveLine(state: ProgressState): string {
  const mean = state.meanReturn100 === null ? "-" : score(state.meanReturn100, 1);
  const speed = state.seconds > 0 ? count(state.steps / state.seconds) : "-";
  return `${bar(state.fraction)} ${Math.round(100 * state.fraction)}%  steps ${count(state.steps)}  episode ${count(state.episodes)}  mean return ${mean}  epsilon ${fixed(state.epsilon, 2)}  ${speed} steps/s`;
}

/** Prints the progress of a run. */
export class Progress {
  readonly #stream: ProgressStream;
  /** Number of lines of the live view on the screen. */
  #shown = 0;

  constructor(stream: ProgressStream) {
    this.#stream = stream;
  }

  /** Whether the stream is a terminal and shows the live view. */
  get live(): boolean {
    return this.#stream.isTTY === true;
  }

  /** Maximum length of a line of the live view. */
  get columns(): number {
    return Math.max(20, (this.#stream.columns || 80) - 1);
  }

  /** Redraws the live view, a picture and a line below it. Does nothing without a terminal. */
  update(state: ProgressState, picture: readonly string[] = []): void {
    if (!this.live) return;
    const lines = [...picture, liveLine(state).slice(0, this.columns)];
    this.#stream.write(`${this.#clear()}${lines.join("\n")}`);
    this.#shown = lines.length;
  }

  /** Returns the control characters that erase the live view. */
  #clear(): string {
    if (this.#shown === 0) return "";
    const up = "\u001b[1A\u001b[2K".repeat(this.#shown - 1);
    this.#shown = 0;
    return CLEAR_LINE + up;
  }

  /** Prints a line above the live view. */
  line(text: string): void {
    this.#stream.write(`${this.#clear()}${text}\n`);
  }

  episode(record: EpisodeRecord, meanReturn100: number): void {
    const parts = [
      `episode ${String(record.episode).padStart(5)}`,
      `steps ${count(record.steps).padStart(8)}`,
      `return ${score(record.return, 1).padStart(6)}`,
      `mean of 100 ${score(meanReturn100, 1).padStart(6)}`,
      `running score ${score(record.runningScore, 2).padStart(7)}`,
      `epsilon ${fixed(record.epsilon, 2)}`,
    ];
    if (record.greedyReturn !== null) parts.push(`greedy return ${score(record.greedyReturn, 1)}`);
    this.line(parts.join(" | "));
  }

  /** Prints the result of an evaluation of a two-player game. */
  winRates(steps: number, text: string): void {
    this.line(`evaluation    | steps ${count(steps).padStart(8)} | ${text}`);
  }

  /** Erases the live view. */
  finish(): void {
    this.#stream.write(this.#clear());
  }
}

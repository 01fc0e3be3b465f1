import type { EpisodeRecord } from "../dqn/observer.ts";
import { count, fixed } from "../numberText.ts";

/** Where progress goes: a terminal shows a live line, anything else plain lines. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** How a run stands. */
export interface ProgressState {
  readonly steps: number;
  readonly episodes: number;
  readonly meanReturn100: number | null;
  readonly epsilon: number;
  readonly seconds: number;
  /** From 0 to 1: the share of the steps or episodes the run may take. */
  readonly share: number;
}

const CLEAR_LINE = "\r\u001b[2K";
const BAR_CELLS = 20;

function bar(share: number): string {
  const filled = Math.round(Math.min(1, share) * BAR_CELLS);
  return "\u2501".repeat(filled) + "\u2500".repeat(BAR_CELLS - filled);
}

function liveLine(state: ProgressState): string {
  const mean = state.meanReturn100 === null ? "-" : fixed(state.meanReturn100, 1);
  const speed = state.seconds > 0 ? count(state.steps / state.seconds) : "-";
  return `${bar(state.share)} ${Math.round(100 * state.share)}%  steps ${count(state.steps)}  episode ${count(state.episodes)}  mean return ${mean}  epsilon ${fixed(state.epsilon, 2)}  ${speed} steps/s`;
}

/** The progress of a run on a terminal or in a log. */
export class Progress {
  readonly #stream: ProgressStream;
  /** Lines of the live view that are on the screen. */
  #shown = 0;

  constructor(stream: ProgressStream) {
    this.#stream = stream;
  }

  /** Whether there is a terminal, and so a live view. */
  get live(): boolean {
    return this.#stream.isTTY === true;
  }

  /** Columns that a line of the live view may have. */
  get columns(): number {
    return Math.max(20, (this.#stream.columns || 80) - 1);
  }

  /** The live view, rewritten in place: a picture and the line below it; nothing where there is no terminal. */
  update(state: ProgressState, picture: readonly string[] = []): void {
    if (!this.live) return;
    const lines = [...picture, liveLine(state).slice(0, this.columns)];
    this.#stream.write(`${this.#clear()}${lines.join("\n")}`);
    this.#shown = lines.length;
  }

  /** What takes the live view off the screen. */
  #clear(): string {
    if (this.#shown === 0) return "";
    const up = "\u001b[1A\u001b[2K".repeat(this.#shown - 1);
    this.#shown = 0;
    return CLEAR_LINE + up;
  }

  /** A line that stays, above the live view. */
  line(text: string): void {
    this.#stream.write(`${this.#clear()}${text}\n`);
  }

  episode(record: EpisodeRecord, meanReturn100: number): void {
    const parts = [
      `episode ${String(record.episode).padStart(5)}`,
      `steps ${count(record.steps).padStart(8)}`,
      `return ${fixed(record.return, 1).padStart(6)}`,
      `mean of 100 ${fixed(meanReturn100, 1).padStart(6)}`,
      `running score ${fixed(record.runningScore, 2).padStart(7)}`,
      `epsilon ${fixed(record.epsilon, 2)}`,
    ];
    if (record.greedyReturn !== null) parts.push(`greedy return ${fixed(record.greedyReturn, 1)}`);
    this.line(parts.join(" | "));
  }

  /** Takes the live view away. */
  finish(): void {
    this.#stream.write(this.#clear());
  }
}

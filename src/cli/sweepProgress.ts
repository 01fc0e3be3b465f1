import { count, fixed } from "../numberText.ts";
import { type TrialResult, trialName } from "../sweep/trial.ts";
import type { ProgressStream } from "../terminal/progress.ts";

const REDRAW_MILLISECONDS = 100;
const LINE_MILLISECONDS = 10_000;
const STAGE_MILLISECONDS = 1_000;
const BAR_CELLS = 24;
/** Maximum number of failures that are printed. results.csv has all of them. */
const MOST_FAILURES = 20;

/** Progress of a sweep: a bar with the time left on a terminal, otherwise a line every 10 seconds. */
export class SweepProgress {
  readonly #stream: ProgressStream;
  #start = performance.now();
  #all = 0;
  #missing = 0;
  #done = 0;
  #failed = 0;
  #drawn = -Infinity;

  constructor(stream: ProgressStream) {
    this.#stream = stream;
  }

  /** Prints a line above the bar. */
  line(text: string): void {
    this.#clear();
    this.#stream.write(`${text}\n`);
  }

  /** Returns a callback for the finished fraction of a stage, which prints it about once a second. */
  stage(name: string): (fraction: number) => void {
    let said = performance.now();
    return (fraction) => {
      const now = performance.now();
      if (now - said < STAGE_MILLISECONDS) return;
      said = now;
      this.#show(`${name}: ${Math.floor(100 * fraction)}%`);
    };
  }

  /** Prints the start of a search's round. */
  round(number: number, rounds: number, configurations: number): void {
    const things = configurations === 1 ? "configuration" : "configurations";
    this.line(`Round ${number} of ${rounds}: ${count(configurations)} ${things}.`);
  }

  /** Starts the trials: `missing` of `all` have no result yet. */
  begin(all: number, missing: number): void {
    this.#all = all;
    this.#missing = missing;
    this.#done = 0;
    this.#start = performance.now();
    const known = all - missing;
    if (known > 0) this.line(`${count(known)} of ${count(all)} trials have results already.`);
  }

  add(result: TrialResult): void {
    this.#done++;
    if (result.error !== "") {
      this.#failed++;
      if (this.#failed <= MOST_FAILURES) this.line(`${trialName(result)} failed: ${result.error}`);
      if (this.#failed === MOST_FAILURES) this.line("Further failures are only in results.csv.");
    }
    const now = performance.now();
    const pause = this.#stream.isTTY === true ? REDRAW_MILLISECONDS : LINE_MILLISECONDS;
    if (now - this.#drawn < pause && this.#done < this.#missing) return;
    this.#drawn = now;
    this.#draw((now - this.#start) / 1000);
  }

  #draw(seconds: number): void {
    const done = this.#all - this.#missing + this.#done;
    const left = (seconds / this.#done) * (this.#missing - this.#done);
    const text = `${count(done)} of ${count(this.#all)} trials, ${count(this.#failed)} failed, ${fixed(seconds, 1)} s, ${fixed(left, 1)} s left`;
    if (this.#stream.isTTY !== true) {
      this.#show(text);
      return;
    }
    const filled = Math.round((BAR_CELLS * done) / this.#all);
    const bar = "\u2501".repeat(filled) + "\u2500".repeat(BAR_CELLS - filled);
    this.#show(`${bar} ${text}`);
  }

  #show(text: string): void {
    this.#clear();
    this.#stream.write(this.#stream.isTTY === true ? text : `${text}\n`);
  }

  #clear(): void {
    if (this.#stream.isTTY === true) this.#stream.write("\r\u001b[2K");
  }

  finish(): void {
    this.#clear();
  }
}

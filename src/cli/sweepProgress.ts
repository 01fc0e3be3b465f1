import { count, fixed } from "../numberText.ts";
import { type TrialResult, trialName } from "../sweep/trial.ts";
import type { ProgressStream } from "../terminal/progress.ts";

const REDRAW_MILLISECONDS = 100;
const LINE_MILLISECONDS = 10_000;
const STAGE_MILLISECONDS = 1_000;
const BAR_CELLS = 24;
/** Failures that are told one by one; all of them are in the table. */
const MOST_FAILURES = 20;

/** How far a sweep is: a bar with the time left on a terminal, a line now and then elsewhere. */
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

  /** A line that stays, above the bar. */
  line(text: string): void {
    this.#clear();
    this.#stream.write(`${text}\n`);
  }

  /** What is told how far a part of the work is, from 0 to 1, and says so about once a second. */
  stage(name: string): (share: number) => void {
    let said = performance.now();
    return (share) => {
      const now = performance.now();
      if (now - said < STAGE_MILLISECONDS) return;
      said = now;
      this.#show(`${name}: ${Math.floor(100 * share)}%`);
    };
  }

  /** Begins with the trials: `missing` of `all` are to be run. */
  begin(all: number, missing: number): void {
    this.#all = all;
    this.#missing = missing;
    this.#start = performance.now();
    const known = all - missing;
    if (known > 0) this.line(`${count(known)} of ${count(all)} trials are there already.`);
  }

  add(result: TrialResult): void {
    this.#done++;
    if (result.error !== "") {
      this.#failed++;
      if (this.#failed <= MOST_FAILURES) this.line(`${trialName(result)} failed: ${result.error}`);
      if (this.#failed === MOST_FAILURES) this.line("Further failures are in the table only.");
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

import { count, fixed } from "../numberText.ts";
import { type TrialResult, trialKey } from "../sweep/trial.ts";
import type { ProgressStream } from "../terminal/progress.ts";

const REDRAW_MILLISECONDS = 100;
const BAR_CELLS = 24;

/** How far a sweep is: a bar with the time left on a terminal, a line now and then elsewhere. */
export class SweepProgress {
  readonly #stream: ProgressStream;
  readonly #all: number;
  readonly #missing: number;
  readonly #start = performance.now();
  #done = 0;
  #failed = 0;
  #drawn = -Infinity;

  constructor(stream: ProgressStream, all: number, missing: number) {
    this.#stream = stream;
    this.#all = all;
    this.#missing = missing;
    const known = all - missing;
    if (known > 0) stream.write(`${count(known)} of ${count(all)} trials are there already.\n`);
  }

  add(result: TrialResult): void {
    this.#done++;
    if (result.error !== "") {
      this.#failed++;
      this.#clear();
      this.#stream.write(`${trialKey(result)} failed: ${result.error}\n`);
    }
    const now = performance.now();
    const pause = this.#stream.isTTY === true ? REDRAW_MILLISECONDS : 10_000;
    if (now - this.#drawn < pause && this.#done < this.#missing) return;
    this.#drawn = now;
    this.#draw((now - this.#start) / 1000);
  }

  #draw(seconds: number): void {
    const done = this.#all - this.#missing + this.#done;
    const left = (seconds / this.#done) * (this.#missing - this.#done);
    const text = `${count(done)} of ${count(this.#all)} trials, ${count(this.#failed)} failed, ${fixed(seconds, 1)} s, ${fixed(left, 1)} s left`;
    if (this.#stream.isTTY !== true) {
      this.#stream.write(`${text}\n`);
      return;
    }
    const filled = Math.round((BAR_CELLS * done) / this.#all);
    const bar = "\u2501".repeat(filled) + "\u2500".repeat(BAR_CELLS - filled);
    this.#clear();
    this.#stream.write(`${bar} ${text}`);
  }

  #clear(): void {
    if (this.#stream.isTTY === true) this.#stream.write("\r\u001b[2K");
  }

  finish(): void {
    this.#clear();
  }
}

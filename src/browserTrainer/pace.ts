/** Milliseconds between two turns of a slowed training: 60 pictures per second need at most 16. */
export const TURN_MILLISECONDS = 8;

/** Seconds of steps that a slowed training may catch up after a delay, such as an evaluation. */
const MOST_DELAY = 0.1;

/** Upper bound of the training speed. */
export class Pace {
  /** Infinity for full speed. */
  stepsPerSecond = Infinity;
  #last = 0;
  #due = 0;

  /** Returns the whole steps that have become due since the last call. @param now time in milliseconds */
  take(now: number): number {
    if (this.stepsPerSecond === Infinity) return Infinity;
    const most = Math.max(1, MOST_DELAY * this.stepsPerSecond);
    this.#due = Math.min(most, this.#due + ((now - this.#last) * this.stepsPerSecond) / 1000);
    this.#last = now;
    const steps = Math.floor(this.#due);
    this.#due -= steps;
    return steps;
  }
}

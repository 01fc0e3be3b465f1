/** The mean of the last 100 numbers. */
export class RollingMean {
  readonly #last: number[] = [];
  #sum = 0;

  /** Adds a number and returns the mean. */
  add(value: number): number {
    this.#last.push(value);
    this.#sum += value;
    if (this.#last.length > 100) this.#sum -= this.#last.shift()!;
    return this.#sum / this.#last.length;
  }
}

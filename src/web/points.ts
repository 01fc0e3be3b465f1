/** Points that a curve does not reach: an even number. */
const MOST = 1500;

/** The points of a curve. When there are more than can be told apart, every other one goes, and every other one that comes. */
export class Points {
  readonly xs: number[] = [];
  readonly ys: number[] = [];
  #stride = 1;
  #skipped = 0;

  /** The next point; x does not fall. */
  add(x: number, y: number): void {
    this.#skipped++;
    if (this.#skipped < this.#stride) return;
    this.#skipped = 0;
    this.xs.push(x);
    this.ys.push(y);
    if (this.xs.length < MOST) return;
    this.#stride *= 2;
    const half = this.xs.length >> 1;
    for (let k = 0; k < half; k++) {
      this.xs[k] = this.xs[2 * k + 1]!;
      this.ys[k] = this.ys[2 * k + 1]!;
    }
    this.xs.length = half;
    this.ys.length = half;
  }
}

/** Upper bound of a curve's points; even. */
const MOST = 800;

/** Points of a curve. At the upper bound, every other stored point is dropped, and from then on every other new point. */
export class Points {
  readonly xs: number[] = [];
  readonly ys: number[] = [];
  /** Points added so far, with those that were dropped. */
  added = 0;
  #stride = 1;
  #skipped = 0;

  /** Adds a point; x must not decrease. */
  add(x: number, y: number): void {
    this.added++;
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

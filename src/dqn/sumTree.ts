/**
 * Binary tree of float64 priorities in two arrays. Node n holds the sum and the minimum of its children 2n and 2n + 1. Node 1 is the
 * root. The leaves are the second half of each array. A leaf of 0 is empty.
 */
export class SumTree {
  readonly #sums: Float64Array;
  readonly #minima: Float64Array;
  readonly #leaves: number;

  /** The caller must fill leaves in order, from 0. New memory is empty, so an unused tree needs no writes. */
  constructor(sums: Float64Array, minima: Float64Array) {
    this.#sums = sums;
    this.#minima = minima;
    this.#leaves = sums.length / 2;
  }

  clear(): void {
    if (this.total === 0) return;
    this.#sums.fill(0);
    this.#minima.fill(0);
  }

  get total(): number {
    return this.#sums[1]!;
  }

  get minimum(): number {
    return this.#minima[1]!;
  }

  get(leaf: number): number {
    return this.#sums[this.#leaves + leaf]!;
  }

  /** Sets a leaf's priority to `priorities[at]`. */
  set(leaf: number, priorities: Float64Array, at: number): void {
    const sums = this.#sums;
    const minima = this.#minima;
    let node = this.#leaves + leaf;
    sums[node] = priorities[at]!;
    minima[node] = priorities[at]!;
    for (node >>>= 1; node >= 1; node >>>= 1) {
      const left = 2 * node;
      sums[node] = sums[left]! + sums[left + 1]!;
      const a = minima[left]!;
      const b = minima[left + 1]!;
      minima[node] = a > 0 && (b === 0 || a < b) ? a : b;
    }
  }

  /**
   * Writes to `leaves`, for each of the first `count` masses, the leaf at which the cumulative sum of priorities exceeds the mass.
   * Each mass must be in [0, total).
   */
  find(masses: Float64Array, leaves: Uint32Array, count: number): void {
    const sums = this.#sums;
    for (let k = 0; k < count; k++) {
      let left = masses[k]!;
      let node = 1;
      while (node < this.#leaves) {
        node *= 2;
        const weight = sums[node]!;
        // Rounding may raise the mass to the left child's sum although the right child is empty.
        if (left >= weight && sums[node + 1]! > 0) {
          left -= weight;
          node++;
        }
      }
      leaves[k] = node - this.#leaves;
    }
  }
}

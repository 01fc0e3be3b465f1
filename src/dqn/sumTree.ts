/**
 * A binary tree over float64 priorities in two arrays. Node n holds the sum and the minimum of its children 2n and 2n + 1. The
 * root is node 1, the leaves are the second half of each array.
 */
export class SumTree {
  readonly #sums: Float64Array;
  readonly #minima: Float64Array;
  readonly #leaves: number;

  /** Leaves must be filled from the first on. An empty leaf is 0, as in fresh memory, so an unused tree costs no writes. */
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
      minima[node] = b === 0 || a < b ? a : b;
    }
  }

  /**
   * Writes, for each of the first `count` masses, 0 <= mass < total, the leaf where the running sum of priorities passes it.
   */
  find(masses: Float64Array, leaves: Uint32Array, count: number): void {
    const sums = this.#sums;
    for (let k = 0; k < count; k++) {
      let left = masses[k]!;
      let node = 1;
      while (node < this.#leaves) {
        node *= 2;
        const weight = sums[node]!;
        // The right child is empty if rounding has pushed the mass past the left child's sum.
        if (left >= weight && sums[node + 1]! > 0) {
          left -= weight;
          node++;
        }
      }
      leaves[k] = node - this.#leaves;
    }
  }
}

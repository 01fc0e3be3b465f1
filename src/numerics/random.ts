/**
 * Numbers of a run's independent random streams. Each stream is seeded from the run's seed and its number. Draws from one stream, such
 * as the evaluation's, do not change another.
 */
export const streams = {
  weights: 0,
  environment: 1,
  exploration: 2,
  replay: 3,
  evaluation: 4,
  finalEvaluation: 5,
} as const;

/** 32-bit integer hash: Chris Wellons' "lowbias32". */
function mix(value: number): number {
  let x = value;
  x ^= x >>> 16;
  x = Math.imul(x, 0x21f0aaad);
  x ^= x >>> 15;
  x = Math.imul(x, 0x735a2d97);
  return (x ^ (x >>> 15)) >>> 0;
}

/** Returns the seed of stream number `stream` in a run with `seed`. Both are taken modulo 2^32. */
export function streamSeed(seed: number, stream: number): number {
  return mix((mix((seed + 0x9e3779b9) | 0) + Math.imul(stream + 1, 0x9e3779b9)) | 0);
}

/**
 * Random number generator xoshiro128** (Blackman & Vigna 2018): 32-bit integers, exact on every engine. Its state is a view of the
 * training memory, so a copy of the memory includes the generator.
 */
export class RandomStream {
  readonly #words: Uint32Array;
  /** Last drawn number, in memory because engines may box a number that a call returns. */
  readonly #drawn = new Uint32Array(1);

  /** @param words state: four words, not all 0. Pass a saved state, or call `seed` before the first draw. */
  constructor(words: Uint32Array) {
    this.#words = words;
  }

  seed(seed: number): this {
    for (let k = 0; k < 4; k++) this.#words[k] = mix((seed + Math.imul(k + 1, 0x9e3779b9)) | 0);
    return this;
  }

  /** Returns a uniform integer from [0, 2^32). */
  nextUint32(): number {
    this.#draw();
    return this.#drawn[0]!;
  }

  #draw(): void {
    const s = this.#words;
    const s1 = s[1]!;
    const scrambled = Math.imul(s1, 5);
    this.#drawn[0] = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
    const s2 = s[2]! ^ s[0]!;
    const s3 = s[3]! ^ s1;
    s[1] = s1 ^ s2;
    s[0] = s[0]! ^ s3;
    s[2] = s2 ^ (s1 << 9);
    s[3] = (s3 << 11) | (s3 >>> 21);
  }

  /** Returns a uniform number from [0, 1), a multiple of 2^-32. */
  next(): number {
    return this.nextUint32() * 2 ** -32;
  }

  /** Returns a uniform integer from [0, n), 1 <= n <= 2^32, without modulo bias (Lemire 2019). */
  nextBelow(n: number): number {
    let x = this.nextUint32();
    let low = Math.imul(x, n) >>> 0;
    if (low < n) {
      const threshold = (2 ** 32 - n) % n;
      while (low < threshold) {
        x = this.nextUint32();
        low = Math.imul(x, n) >>> 0;
      }
    }
    return ((x * n) / 2 ** 32) >>> 0;
  }

  /**
   * Writes the results of `nextBelow(bound)`, `nextBelow(bound + 1)`, ... to the first `count` elements of `out`. It is three times as
   * fast as separate calls, because the state stays in registers.
   */
  fillBelow(out: Uint32Array, count: number, bound: number): void {
    const s = this.#words;
    let s0 = s[0]! | 0;
    let s1 = s[1]! | 0;
    let s2 = s[2]! | 0;
    let s3 = s[3]! | 0;
    for (let k = 0; k < count; k++) {
      const n = bound + k;
      let x = 0;
      let low = 0;
      do {
        const scrambled = Math.imul(s1, 5);
        x = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
        low = Math.imul(x, n) >>> 0;
        const shifted = s1 << 9;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= shifted;
        s3 = (s3 << 11) | (s3 >>> 21);
      } while (low < n && low < (2 ** 32 - n) % n);
      out[k] = (x * n) / 2 ** 32;
    }
    s[0] = s0;
    s[1] = s1;
    s[2] = s2;
    s[3] = s3;
  }
}

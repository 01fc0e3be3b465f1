/** A part of the memory: `length` elements at byte offset `offset`. */
export interface Region {
  readonly offset: number;
  readonly length: number;
}

const ALIGNMENT = 16;

/** Allocates regions one after another. Every region starts at a multiple of 16 bytes, which the kernels require. */
export class Arena {
  /** Number of bytes allocated so far. */
  end = 0;

  #take(length: number, bytesPerElement: number): Region {
    const offset = this.end;
    this.end = Math.ceil((offset + length * bytesPerElement) / ALIGNMENT) * ALIGNMENT;
    return { offset, length };
  }

  /** Allocates `length` elements of 4 bytes. */
  words(length: number): Region {
    return this.#take(length, 4);
  }

  /** Allocates `length` elements of 8 bytes. */
  doubles(length: number): Region {
    return this.#take(length, 8);
  }

  /** Allocates `length` bytes. */
  bytes(length: number): Region {
    return this.#take(length, 1);
  }
}

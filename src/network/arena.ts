/** A part of the memory: `length` elements from byte `offset` on. */
export interface Region {
  readonly offset: number;
  readonly length: number;
}

const ALIGNMENT = 16;

/** Hands out one region after another: each starts where the one before it ends, at the next multiple of 16 bytes. */
export class Chain {
  /** Bytes handed out so far. */
  end = 0;

  #take(length: number, bytesPerElement: number): Region {
    const offset = this.end;
    this.end = Math.ceil((offset + length * bytesPerElement) / ALIGNMENT) * ALIGNMENT;
    return { offset, length };
  }

  /** Room for `length` numbers of 4 bytes. */
  words(length: number): Region {
    return this.#take(length, 4);
  }

  /** Room for `length` numbers of 8 bytes. */
  doubles(length: number): Region {
    return this.#take(length, 8);
  }

  bytes(length: number): Region {
    return this.#take(length, 1);
  }
}

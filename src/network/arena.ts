/** Array class of each element type. */
export const arrayTypes = {
  f32: Float32Array,
  f64: Float64Array,
  u32: Uint32Array,
  u8: Uint8Array,
} as const;

export type ElementType = keyof typeof arrayTypes;

/** A slice of the memory: `length` elements of a type, from byte `offset` on. */
export interface Region {
  readonly type: ElementType;
  readonly offset: number;
  readonly length: number;
}

/** A view of a region's elements. */
export function regionView(buffer: ArrayBuffer, { length, offset, type }: Region) {
  return new arrayTypes[type](buffer, offset, length);
}

const ALIGNMENT = 16;

/** Allocates regions of a memory one after the other. Each starts at a multiple of 16 bytes. */
export class Arena {
  /** Bytes allocated so far. */
  end = 0;

  f32(length: number): Region {
    return this.#allocate("f32", length);
  }

  f64(length: number): Region {
    return this.#allocate("f64", length);
  }

  u32(length: number): Region {
    return this.#allocate("u32", length);
  }

  /** Allocates `length` bytes. */
  bytes(length: number): Region {
    return this.#allocate("u8", length);
  }

  #allocate(type: ElementType, length: number): Region {
    const offset = this.end;
    this.end =
      Math.ceil((offset + length * arrayTypes[type].BYTES_PER_ELEMENT) / ALIGNMENT) * ALIGNMENT;
    return { type, offset, length };
  }
}

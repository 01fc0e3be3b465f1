/** Array class of each element type. */
export const arrayTypes = {
  f32: Float32Array,
  f64: Float64Array,
  u32: Uint32Array,
  u8: Uint8Array,
} as const;

export type ElementType = keyof typeof arrayTypes;

/** Region of the memory: `length` elements of a type, float32 unless stated otherwise, starting at byte `offset`. */
export interface Region<Type extends ElementType = "f32"> {
  readonly type: Type;
  readonly offset: number;
  readonly length: number;
}

/** Returns a view of a region. */
export function regionView<Type extends ElementType>(
  buffer: ArrayBuffer,
  { length, offset, type }: Region<Type>,
): InstanceType<(typeof arrayTypes)[Type]> {
  const values = new arrayTypes[type](buffer, offset, length);
  return values as InstanceType<(typeof arrayTypes)[Type]>;
}

/** Bytes of a SIMD vector. */
const VECTOR_BYTES = 16;

/** Bytes of a cache line. */
export const CACHE_LINE_BYTES = 64;

/** Allocates consecutive regions of a memory, each aligned to `alignment` bytes. */
export class Arena {
  /** Bytes allocated so far. */
  end = 0;
  readonly #alignment: number;

  constructor(alignment = VECTOR_BYTES) {
    this.#alignment = alignment;
  }

  f32(length: number): Region {
    return this.#allocate("f32", length);
  }

  f64(length: number): Region<"f64"> {
    return this.#allocate("f64", length);
  }

  u32(length: number): Region<"u32"> {
    return this.#allocate("u32", length);
  }

  /** Allocates `length` bytes. */
  bytes(length: number): Region<"u8"> {
    return this.#allocate("u8", length);
  }

  #allocate<Type extends ElementType>(type: Type, length: number): Region<Type> {
    const offset = this.end;
    const alignment = this.#alignment;
    const end = offset + length * arrayTypes[type].BYTES_PER_ELEMENT;
    this.end = Math.ceil(end / alignment) * alignment;
    return { type, offset, length };
  }
}

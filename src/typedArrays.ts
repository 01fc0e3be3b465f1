/**
 * Typed arrays on memory that is not shared: `Uint8Array<ArrayBuffer>` and `Float32Array<ArrayBuffer>`, in words that TypeScript
 * before 5.7, which has no such generic types, understands too.
 */
export type Bytes = ReturnType<Uint8Array["slice"]>;
export type Floats = ReturnType<Float32Array["slice"]>;

/** Typed arrays on unshared memory. Declared this way, they also compile before TypeScript 5.7, where typed arrays are not generic. */
export type Bytes = ReturnType<Uint8Array["slice"]>;
export type Floats = ReturnType<Float32Array["slice"]>;

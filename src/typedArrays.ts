/** Typed arrays on memory that is not shared. TypeScript before 5.7, whose typed arrays are not generic, can read these types too. */
export type Bytes = ReturnType<Uint8Array["slice"]>;
export type Floats = ReturnType<Float32Array["slice"]>;

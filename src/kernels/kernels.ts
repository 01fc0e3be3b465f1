import type { jsKernels } from "./js/kernels.ts";

/**
 * The numeric operations: pure functions over byte offsets into one memory. Two implementations exist, `assembly/` and
 * `src/kernels/js/`, in files of the same names; for finite numbers they write the same bits. The `js` functions state each
 * contract. What holds for all of them:
 *
 * - Arrays are float32 and row-major unless stated otherwise. "weight (outputs, inputs)" gives an array's shape.
 * - An argument named `...Ptr` is the array's byte offset, a multiple of 16; for environment steps, of the element size.
 * - Arguments come in the order: pointers, shape, scalars.
 * - Activations are (features, batch). `batch` is a multiple of 8. Padding columns have action -1 and add nothing to any
 *   loss or gradient.
 * - "Sums in four lanes" means four partial sums (index mod 4), added as (0 + 1) + (2 + 3).
 */
export type Kernels = ReturnType<typeof jsKernels>;

/**
 * A build of the kernels for WebAssembly SIMD. `wasm-fma` uses the fused multiply-add of relaxed SIMD: it is faster, rounds
 * differently, and its results depend on the processor.
 */
export type WasmBackend = "wasm" | "wasm-fma";

/** An implementation of the kernels: WebAssembly SIMD, or JavaScript. `js` gives the same results as `wasm`, to the bit. */
export type Backend = WasmBackend | "js";

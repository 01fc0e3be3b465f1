// Lets the importing test use the backend wasm-fma: Node 20 has relaxed SIMD only behind a flag of V8, which newer versions lack.
import { setFlagsFromString } from "node:v8";
import { supportsWasm } from "../../src/kernels/core.ts";

/** Flags for a Node that a test starts, so that it has relaxed SIMD. */
export const relaxedSimdFlags: readonly string[] = supportsWasm("wasm-fma")
  ? []
  : ["--experimental-wasm-relaxed-simd"];

for (const flag of relaxedSimdFlags) setFlagsFromString(flag);

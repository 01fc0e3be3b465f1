import { supportsWasm } from "../kernels/core.ts";
import type { Backend } from "../kernels/kernels.ts";

/** Backend of commands without --backend: wasm, or js if WebAssembly is missing, as with `node --jitless`. */
export function fastestBackend(): Backend {
  return supportsWasm() ? "wasm" : "js";
}

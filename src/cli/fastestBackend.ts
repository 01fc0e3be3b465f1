import { supportsWasm } from "../kernels/core.ts";
import type { Backend } from "../kernels/kernels.ts";

/** The backend for commands that have no flag for it: wasm, or js in an engine without WebAssembly, such as `node --jitless`. */
export function fastestBackend(): Backend {
  return supportsWasm() ? "wasm" : "js";
}

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { UsageError } from "../errors.ts";
import { fmaModule as refuseMissing } from "./fmaModule.ts";

/**
 * Compiles the kernels of the backend `wasm-fma`, a file of the package.
 * @throws UsageError if the engine has no relaxed SIMD, or the file is missing because the library was bundled
 */
export function fmaModule(): WebAssembly.Module {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = readFileSync(createRequire(import.meta.url).resolve("wasm-dqn/core-fma.wasm"));
  } catch {
    return refuseMissing();
  }
  try {
    return new WebAssembly.Module(bytes);
  } catch {
    throw new UsageError(
      `backend wasm-fma needs relaxed SIMD, which Node ${process.versions.node} lacks: use Node 22 or later, or backend wasm.`,
    );
  }
}

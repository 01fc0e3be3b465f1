import { readFileSync } from "node:fs";

/** Returns the kernels of the backend `wasm-fma`; null if the package's file is missing, as in a bundle. */
export function readFma(): Uint8Array<ArrayBuffer> | null {
  try {
    return readFileSync(new URL("../../fma.wasm", import.meta.url));
  } catch {
    return null;
  }
}

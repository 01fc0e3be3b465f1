/** A module with one SIMD instruction, `v128.const`. */
const probe =
  "0 97 115 109 1 0 0 0 1 5 1 96 0 1 123 3 2 1 0 10 22 1 20 0 253 12 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 11";

/** Whether the browser has WebAssembly SIMD and the page may use it. */
export function allowsWasm(): boolean {
  try {
    new WebAssembly.Module(Uint8Array.from(probe.split(" "), Number));
    return true;
  } catch {
    return false;
  }
}

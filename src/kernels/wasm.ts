import { instantiateSync } from "@assemblyscript/loader";
import type { Kernels } from "./kernels.ts";

/**
 * The WebAssembly SIMD implementation over `memory`, which the module imports. The functions come from
 * `instance.exports`: the loader's own wrappers would double the cost of a call.
 */
export function wasmKernels(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels {
  const { instance } = instantiateSync(module, { env: { memory } });
  return instance.exports as unknown as Kernels;
}

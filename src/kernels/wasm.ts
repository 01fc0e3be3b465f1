import { instantiateSync } from "@assemblyscript/loader";
import type { Kernels } from "./kernels.ts";

/**
 * Instantiates the WebAssembly kernels on `memory`. Returns `instance.exports`, because a call through the wrappers of the
 * loader takes twice as long.
 */
export function wasmKernels(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels {
  const { instance } = instantiateSync(module, { env: { memory } });
  return instance.exports as unknown as Kernels;
}

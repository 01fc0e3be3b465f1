import { instantiateSync } from "@assemblyscript/loader";
import type { Kernels } from "./kernels.ts";

/** What the module exports: the kernels, and the loop that measures the machine's multiply-add peak. */
export interface WasmExports extends Kernels {
  /** Runs `rounds` x 832 floating-point operations in vector multiply-adds without touching memory. */
  multiplyAddPeak(rounds: number): number;
}

/**
 * The WebAssembly SIMD implementation over `memory`, which the module imports. The functions come from
 * `instance.exports`: the loader's own wrappers would double the cost of a call.
 */
export function wasmKernels(module: WebAssembly.Module, memory: WebAssembly.Memory): WasmExports {
  const { instance } = instantiateSync(module, { env: { memory } });
  return instance.exports as unknown as WasmExports;
}

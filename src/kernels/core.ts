import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { UsageError } from "../errors.ts";
import { jsKernels } from "./js/kernels.ts";
import type { Backend, Kernels } from "./kernels.ts";
import { wasmKernels } from "./wasm.ts";

const PAGE_BYTES = 65536;
const MEMORY_LIMIT_BYTES = 65536 * PAGE_BYTES;

/** One memory and the kernels that work on it. The memory never grows, so views of `buffer` stay valid. */
export interface Core {
  readonly backend: Backend;
  readonly kernels: Kernels;
  readonly buffer: ArrayBuffer;
}

let module: WebAssembly.Module | undefined;

/** The compiled kernels, compiled once a process. */
export function coreModule(): WebAssembly.Module {
  if (module === undefined) {
    const path = createRequire(import.meta.url).resolve("wasm-dqn/core.wasm");
    module = new WebAssembly.Module(readFileSync(path));
  }
  return module;
}

/**
 * Makes a zeroed memory of `bytes` bytes with the kernels of `backend` on it.
 * @throws UsageError if it would need more than the 4 GiB a 32-bit WebAssembly memory can have.
 */
export function createCore(backend: Backend, bytes: number): Core {
  if (bytes > MEMORY_LIMIT_BYTES) {
    const gibibytes = (bytes / 2 ** 30).toFixed(1);
    throw new UsageError(
      `The memory plan needs ${gibibytes} GiB, but one WebAssembly memory holds at most 4 GiB: ask for a smaller bufferSize, batchSize or hiddenSizes.`,
    );
  }
  if (backend === "js") {
    const buffer = new ArrayBuffer(bytes);
    return { backend, kernels: jsKernels(buffer), buffer };
  }
  const pages = Math.ceil(bytes / PAGE_BYTES);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  return { backend, kernels: wasmKernels(coreModule(), memory), buffer: memory.buffer };
}

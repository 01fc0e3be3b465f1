import { UsageError } from "../errors.ts";
import type { jsKernels } from "./js/kernels.ts";

/**
 * Returns the JavaScript kernels that the page or worker has imported. They are not in the browser file, which stays smaller.
 * @throws UsageError if they were not imported
 */
export function jsBackend(): typeof jsKernels {
  const registered = globalThis.wasmDqnJsKernels;
  if (!registered)
    throw new UsageError("backend js needs the module wasm-dqn/js-kernels: load it first.");
  return registered();
}

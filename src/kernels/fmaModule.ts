import { UsageError } from "../errors.ts";

/** Refuses the backend `wasm-fma`, whose kernels are not inside the library. Node has nodeFmaModule.ts instead. */
export function fmaModule(): never {
  throw new UsageError("backend wasm-fma needs wasm-dqn/core-fma.wasm: call loadCore first.");
}

// Module `wasm-dqn/js-kernels`: registers the JavaScript kernels for pages and their workers. In Node, the library has them.
import { jsKernels } from "./js/kernels.ts";

declare global {
  /** The function's source must not refer to anything outside of it, because `inlineWorker` copies it. The build sees to that. */
  var wasmDqnJsKernels: (() => typeof jsKernels) | undefined;
}

globalThis.wasmDqnJsKernels = () => jsKernels;

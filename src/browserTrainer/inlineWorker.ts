/**
 * Function around the whole library in the browser build. It takes the kernels' text and returns the exports, `serveTrainer` first.
 * Other builds have no such function.
 */
declare const wasmDqnLibrary: ((kernels: string) => readonly unknown[]) | undefined;
declare const wasmDqnKernels: string;

/** Whether `inlineWorker` works: this is the browser build and the platform has workers. */
export function hasInlineWorker(): boolean {
  return typeof wasmDqnLibrary === "function" && typeof Worker === "function";
}

/** Creates a worker from the library's source, without a second file. The page's CSP must allow `blob:`. */
export function inlineWorker(): Worker {
  // The worker gets the JavaScript kernels if the page has them; otherwise this assigns undefined.
  const kernels = `globalThis.wasmDqnJsKernels=${globalThis.wasmDqnJsKernels};`;
  const source = `${kernels}(${wasmDqnLibrary})(${JSON.stringify(wasmDqnKernels)})[0]();`;
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const worker = new Worker(url);
  URL.revokeObjectURL(url);
  return worker;
}

/**
 * In the browser's single file the whole library is inside of a function, which gets the kernels' text and returns what is
 * exported, serveTrainer first. In other builds there is no such function.
 */
declare const wasmDqnLibrary: ((kernels: string) => readonly unknown[]) | undefined;
declare const wasmDqnKernels: string;

/** Whether this build carries its own source, and the platform has workers. */
export function hasInlineWorker(): boolean {
  return typeof wasmDqnLibrary === "function" && typeof Worker === "function";
}

/** A worker made of the library's own source, so that there is no file to be found. The page's CSP must allow `blob:`. */
export function inlineWorker(): Worker {
  const source = `(${wasmDqnLibrary})(${JSON.stringify(wasmDqnKernels)})[0]();`;
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const worker = new Worker(url);
  URL.revokeObjectURL(url);
  return worker;
}

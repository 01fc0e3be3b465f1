import { jsKernels } from "./js/kernels.ts";

/** Returns the JavaScript kernels. The browser build has registeredJsKernels.ts instead. */
export function jsBackend(): typeof jsKernels {
  return jsKernels;
}

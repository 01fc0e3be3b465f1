import { coreText } from "wasm-dqn/core-bytes";
import { fmaModule } from "#fma-module";
import { RunError, reasonOf, refuseUnless, UsageError } from "../errors.ts";
import { jsBackend } from "./jsBackend.ts";
import type { Backend, Kernels, WasmBackend } from "./kernels.ts";
import { kernelNames } from "./programFormat.ts";
import { wasmKernels } from "./wasm.ts";

const PAGE_BYTES = 65536;
const MEMORY_LIMIT_BYTES = 65536 * PAGE_BYTES;

/** A memory and the kernels bound to it. The memory never grows, so views of `buffer` stay valid. */
export interface Core {
  readonly backend: Backend;
  readonly kernels: Kernels;
  readonly buffer: ArrayBuffer;
}

/** Source of the WebAssembly kernels: their URL, their bytes or the compiled module. */
export type CoreSource = URL | string | BufferSource | WebAssembly.Module;

/** Compiled kernels: those that `loadCore` loaded, or those of the package. */
const modules: { [Name in WasmBackend]?: WebAssembly.Module } = {};

/** Decodes the text that assembly/inline.mjs writes: byte = (character code + 127 per prefix character) XOR 104. */
function decodeCoreText(): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  let offset = 0;
  for (let k = 0; k < coreText.length; k++) {
    const code = coreText.charCodeAt(k);
    if (code < 127) bytes.push((offset + code) ^ 104);
    offset = code < 127 ? 0 : offset + 127;
  }
  return Uint8Array.from(bytes);
}

/**
 * Returns whether the backend works here. `wasm` needs an engine with WebAssembly SIMD and a page that allows it. `wasm-fma` needs
 * relaxed SIMD and, outside Node, an earlier `loadCore`. The backend `js` works everywhere;
 * a page imports `wasm-dqn/js-kernels` for it.
 */
export function supportsWasm(backend: WasmBackend = "wasm"): boolean {
  try {
    coreModule(backend);
    return true;
  } catch {
    return false;
  }
}

/** Returns the kernels of `wasm-fma` if they are compiled, by `loadCore` or by `coreModule`. */
export function loadedFma(): WebAssembly.Module | undefined {
  return modules["wasm-fma"];
}

/**
 * Returns the kernels that `loadCore` loaded, or those of the package, compiled at the first call.
 * @throws UsageError if the engine lacks (relaxed) SIMD, the page forbids WebAssembly, or `wasm-fma` is not loaded
 */
export function coreModule(backend: WasmBackend = "wasm"): WebAssembly.Module {
  modules[backend] ??= backend === "wasm" ? inlineModule() : fmaModule();
  return modules[backend];
}

function inlineModule(): WebAssembly.Module {
  try {
    return new WebAssembly.Module(decodeCoreText());
  } catch {
    throw new UsageError(
      "backend wasm needs WebAssembly SIMD, which this engine or page does not allow: use backend js.",
    );
  }
}

/**
 * Loads the kernels for all later calls of `createCore`, for example `wasm-dqn/core.wasm` from the page's server.
 * `wasm-dqn/core-fma.wasm` is recognised and becomes the backend `wasm-fma`.
 * @throws UsageError if they cannot be fetched or compiled, or if a kernel is missing
 */
export async function loadCore(source: CoreSource): Promise<void> {
  const loaded = await compile(source);
  const exported = new Set(WebAssembly.Module.exports(loaded).map(({ name }) => name));
  const missing = kernelNames().find((name) => !exported.has(name));
  if (missing !== undefined) {
    throw new UsageError(`wasm must be this version's kernels, but does not export ${missing}.`);
  }
  modules[exported.has("isFused") ? "wasm-fma" : "wasm"] = loaded;
}

async function compile(source: CoreSource): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  try {
    if (typeof source !== "string" && !(source instanceof URL))
      return await WebAssembly.compile(source);
    const response = await fetch(source);
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`.trim());
    return await WebAssembly.compile(await response.arrayBuffer());
  } catch (error) {
    const needs =
      error instanceof WebAssembly.CompileError ? " (core-fma.wasm needs relaxed SIMD)" : "";
    throw new UsageError(`wasm could not be loaded: ${reasonOf(error)}${needs}.`);
  }
}

/** Returns `make()`. @throws RunError with the size in MiB if it throws */
export function allocate<T>(bytes: number, make: () => T): T {
  try {
    return make();
  } catch {
    throw new RunError(`Could not allocate ${Math.ceil(bytes / 2 ** 20)} MiB.`);
  }
}

/**
 * Allocates a zeroed memory of `bytes` bytes, for WebAssembly rounded up to 64 KiB, and binds the kernels of `backend` to it.
 * @throws UsageError above 4 GiB, the limit of a 32-bit WebAssembly memory, or if the kernels are missing; RunError if the allocation
 *   fails
 */
export function createCore(backend: Backend, bytes: number): Core {
  const known = ["wasm", "wasm-fma", "js"].includes(backend);
  refuseUnless(known, "backend", "wasm, wasm-fma or js", backend);
  if (bytes > MEMORY_LIMIT_BYTES) {
    const gibibytes = (bytes / 2 ** 30).toFixed(1);
    throw new UsageError(
      `The memory plan needs ${gibibytes} GiB, the limit is 4 GiB: reduce bufferSize, numSteps, batchSize or hiddenSizes.`,
    );
  }
  if (backend === "js") {
    const bind = jsBackend();
    const buffer = allocate(bytes, () => new ArrayBuffer(bytes));
    return { backend, kernels: bind(buffer), buffer };
  }
  // Before the allocation, so that an engine without WebAssembly gets its own message.
  const core = coreModule(backend);
  const pages = Math.ceil(bytes / PAGE_BYTES);
  const memory = allocate(bytes, () => new WebAssembly.Memory({ initial: pages, maximum: pages }));
  return { backend, kernels: wasmKernels(core, memory), buffer: memory.buffer };
}

import { coreText } from "wasm-dqn/core-bytes";
import { RunError, reasonOf, refuseUnless, UsageError } from "../errors.ts";
import { jsKernels } from "./js/kernels.ts";
import type { Backend, Kernels } from "./kernels.ts";
import { wasmKernels } from "./wasm.ts";

const PAGE_BYTES = 65536;
const MEMORY_LIMIT_BYTES = 65536 * PAGE_BYTES;

/** A memory and the kernels that work on it. The memory never grows, so views of `buffer` stay valid. */
export interface Core {
  readonly backend: Backend;
  readonly kernels: Kernels;
  readonly buffer: ArrayBuffer;
}

/** Source of the WebAssembly kernels: a URL, the bytes or the compiled module. */
export type CoreSource = URL | string | BufferSource | WebAssembly.Module;

let module: WebAssembly.Module | undefined;

/** Decodes the text that assembly/inline.mjs writes: byte = (character code + 127 per prefix character - 40) modulo 256. */
function ownBytes(): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  let moved = -40;
  for (let k = 0; k < coreText.length; k++) {
    const code = coreText.charCodeAt(k);
    if (code < 127) bytes.push(moved + code);
    moved = code < 127 ? -40 : moved + 127;
  }
  return Uint8Array.from(bytes);
}

/** Returns whether the engine has, and the page allows, WebAssembly with SIMD. The backend `js` works everywhere. */
export function supportsWasm(): boolean {
  try {
    coreModule();
    return true;
  } catch {
    return false;
  }
}

/**
 * Returns the compiled kernels: those of the package, compiled at the first call, or those that `loadCore` loaded.
 * @throws UsageError if the engine has no WebAssembly SIMD or the page forbids it
 */
export function coreModule(): WebAssembly.Module {
  try {
    module ??= new WebAssembly.Module(ownBytes());
    return module;
  } catch {
    throw new UsageError(
      "backend wasm needs WebAssembly SIMD, which this engine lacks or this page forbids: use backend js.",
    );
  }
}

/**
 * Replaces the kernels of the package for every later `createCore`, for example by `wasm-dqn/core.wasm` from a page's server.
 * @throws UsageError if they cannot be fetched or compiled, or lack a kernel
 */
export async function loadCore(source: CoreSource): Promise<void> {
  const loaded = await compile(source);
  const exported = new Set(WebAssembly.Module.exports(loaded).map(({ name }) => name));
  // The names come from the js kernels, so that the package's module need not be compiled.
  const names = Object.keys(jsKernels(new ArrayBuffer(0)));
  const lacking = names.find((name) => !exported.has(name));
  if (lacking !== undefined) {
    throw new UsageError(
      `wasm must be the kernels of this version, but it does not export ${lacking}.`,
    );
  }
  module = loaded;
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
    throw new UsageError(
      `wasm must be the kernels, their bytes or their address, but: ${reasonOf(error)}.`,
    );
  }
}

/** Returns `make()`. @throws RunError that names `bytes` if it fails */
export function allocate<T>(bytes: number, make: () => T): T {
  try {
    return make();
  } catch {
    throw new RunError(`Could not allocate ${Math.ceil(bytes / 2 ** 20)} MiB.`);
  }
}

/**
 * Allocates a zeroed memory of `bytes` bytes, for `wasm` rounded up to 64 KiB, and binds the kernels of `backend` to it.
 * @throws UsageError above 4 GiB, the limit of a 32-bit WebAssembly memory; RunError if the allocation fails
 */
export function createCore(backend: Backend, bytes: number): Core {
  refuseUnless(["wasm", "js"].includes(backend), "backend", "wasm or js", backend);
  if (bytes > MEMORY_LIMIT_BYTES) {
    const gibibytes = (bytes / 2 ** 30).toFixed(1);
    throw new UsageError(
      `The memory plan needs ${gibibytes} GiB, but one WebAssembly memory holds at most 4 GiB: ask for a smaller bufferSize, batchSize or hiddenSizes.`,
    );
  }
  if (backend === "js") {
    const buffer = allocate(bytes, () => new ArrayBuffer(bytes));
    return { backend, kernels: jsKernels(buffer), buffer };
  }
  // First the module: an engine without WebAssembly says so.
  const core = coreModule();
  const pages = Math.ceil(bytes / PAGE_BYTES);
  const memory = allocate(bytes, () => new WebAssembly.Memory({ initial: pages, maximum: pages }));
  return { backend, kernels: wasmKernels(core, memory), buffer: memory.buffer };
}

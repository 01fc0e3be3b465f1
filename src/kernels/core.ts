import { coreText } from "wasm-dqn/core-bytes";
import { RunError, reasonOf, UsageError } from "../errors.ts";
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

/** Where the kernels may come from: an address to stream them from, their bytes, or the module itself. */
export type CoreSource = URL | string | BufferSource | WebAssembly.Module;

let module: WebAssembly.Module | undefined;

/** What assembly/inline.mjs wrote: a byte is a character's code, and 127 for each prefix before it, less 40, modulo 256. */
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

/** Whether this engine has, and this page allows, what the `wasm` kernels need: WebAssembly with SIMD. `js` works everywhere. */
export function supportsWasm(): boolean {
  try {
    coreModule();
    return true;
  } catch {
    return false;
  }
}

/**
 * The compiled kernels, compiled once a process or page: those that lie in this package unless `loadCore` brought others.
 * @throws UsageError if the engine has no WebAssembly SIMD
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
 * Takes the kernels from elsewhere, before the first memory is made: a page that streams `wasm-dqn/core.wasm`, say.
 * @throws UsageError if they cannot be fetched or are not the kernels
 */
export async function loadCore(source: CoreSource): Promise<void> {
  const loaded = await compile(source);
  const exported = new Set(WebAssembly.Module.exports(loaded).map(({ name }) => name));
  // The js kernels have the same names: what lies in this package need not be compiled for them.
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

/** What `make` makes, of so many bytes. */
function room<Made>(bytes: number, make: () => Made): Made {
  try {
    return make();
  } catch {
    throw new RunError(`Could not allocate ${Math.ceil(bytes / 2 ** 20)} MiB.`);
  }
}

/**
 * Makes a zeroed memory of `bytes` bytes with the kernels of `backend` on it.
 * @throws UsageError if it would need more than the 4 GiB a 32-bit WebAssembly memory can have, RunError if the machine has not as much
 */
export function createCore(backend: Backend, bytes: number): Core {
  if (bytes > MEMORY_LIMIT_BYTES) {
    const gibibytes = (bytes / 2 ** 30).toFixed(1);
    throw new UsageError(
      `The memory plan needs ${gibibytes} GiB, but one WebAssembly memory holds at most 4 GiB: ask for a smaller bufferSize, batchSize or hiddenSizes.`,
    );
  }
  if (backend === "js") {
    const buffer = room(bytes, () => new ArrayBuffer(bytes));
    return { backend, kernels: jsKernels(buffer), buffer };
  }
  // First the module: an engine without WebAssembly says so.
  const core = coreModule();
  const pages = Math.ceil(bytes / PAGE_BYTES);
  const memory = room(bytes, () => new WebAssembly.Memory({ initial: pages, maximum: pages }));
  return { backend, kernels: wasmKernels(core, memory), buffer: memory.buffer };
}

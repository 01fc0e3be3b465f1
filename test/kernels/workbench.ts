import { type Core, createCore } from "../../src/kernels/core.ts";
import type { Backend, Kernels } from "../../src/kernels/kernels.ts";
import { RandomStream } from "../../src/numerics/random.ts";

export const backends: readonly Backend[] = ["wasm", "js"];
const BYTES = 1 << 20;

/** 1 MiB of memory with the kernels of a backend, filled with random numbers in (-1, 1) that are the same on each backend. */
export class Workbench {
  readonly core: Core;
  readonly kernels: Kernels;
  readonly f32: Float32Array;
  readonly f64: Float64Array;
  readonly u32: Uint32Array;
  #end = 0;

  constructor(backend: Backend, seed = 1) {
    this.core = createCore(backend, BYTES);
    this.kernels = this.core.kernels;
    this.f32 = new Float32Array(this.core.buffer);
    this.f64 = new Float64Array(this.core.buffer);
    this.u32 = new Uint32Array(this.core.buffer);
    const random = new RandomStream(new Uint32Array(4)).seed(seed);
    for (let k = 0; k < this.f32.length; k++) this.f32[k] = 2 * random.next() - 1;
  }

  /** Allocates `count` words, which hold random numbers, and returns their byte offset. */
  allocate(count: number): number {
    const ptr = this.#end;
    this.#end += Math.ceil(count / 4) * 16;
    if (this.#end > BYTES) throw new Error(`The workbench has only ${BYTES} bytes.`);
    return ptr;
  }

  floats(ptr: number, count: number): Float32Array {
    return this.f32.subarray(ptr / 4, ptr / 4 + count);
  }

  words(ptr: number, count: number): Uint32Array {
    return this.u32.subarray(ptr / 4, ptr / 4 + count);
  }
}

/** Runs `action` on both backends and returns their memories as words. */
export function onBoth(action: (bench: Workbench) => void, seed = 1): [Uint32Array, Uint32Array] {
  const [wasm, js] = backends.map((backend) => {
    const bench = new Workbench(backend, seed);
    action(bench);
    return bench.u32;
  });
  return [wasm!, js!];
}

/** Returns the first 5 words that differ between two memories. */
export function differences(a: Uint32Array, b: Uint32Array): string[] {
  const found: string[] = [];
  for (let k = 0; k < a.length && found.length < 5; k++) {
    if (a[k] !== b[k]) found.push(`word ${k}: ${a[k]!.toString(16)} and ${b[k]!.toString(16)}`);
  }
  return found;
}

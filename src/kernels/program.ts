import type { Core } from "./core.ts";
import type { Kernels } from "./kernels.ts";
import { instruction, integers } from "./programFormat.ts";

/** A kernel that a program can call. */
export type ProgramKernel = keyof typeof integers;

/** An argument that the host sets before a run: the name of the kernel's parameter. */
export type Slot = "samples" | "learningRate" | "stepSize" | "varianceScale" | "epsilon";

/** The places of a slot in a program, one element each. The host writes the argument into each of them. */
export type Slots = readonly (Uint32Array | Float64Array)[];

type Arguments<Parameters extends readonly unknown[]> = { [K in keyof Parameters]: number | Slot };

/** A call of a kernel. */
export interface Call {
  readonly kernel: ProgramKernel;
  readonly args: readonly (number | Slot)[];
}

/** A table of whole numbers that kernels read: `length` u32 at byte `offset`. */
export interface Table {
  readonly offset: number;
  readonly length: number;
  values(): Uint32Array;
}

/** Kernel calls in the order in which a program makes them. */
export class Recording {
  readonly calls: Call[] = [];
  readonly tables: Table[] = [];

  call<Kernel extends ProgramKernel>(
    kernel: Kernel,
    ...args: Arguments<Parameters<Kernels[Kernel]>>
  ): void {
    this.calls.push({ kernel, args });
  }

  /** Bytes of the program, with the instruction that ends it. */
  get bytes(): number {
    return (this.calls.length + 1) * instruction.bytes;
  }
}

/** Writes tables into the memory. */
export function writeTables(buffer: ArrayBuffer, tables: readonly Table[]): void {
  for (const { length, offset, values } of tables) {
    new Uint32Array(buffer, offset, length).set(values());
  }
}

/** Kernel calls in the memory of a core, made with one call into WebAssembly. See `run` in src/kernels/js/kernels.ts. */
export class Program {
  readonly #kernels: Kernels;
  readonly #programPtr: number;
  readonly #slots: Record<Slot, (Uint32Array | Float64Array)[]> = {
    samples: [],
    learningRate: [],
    stepSize: [],
    varianceScale: [],
    epsilon: [],
  };

  /** Writes the program at programPtr, and its tables. */
  constructor({ buffer, kernels }: Core, programPtr: number, { bytes, calls, tables }: Recording) {
    const codes = Object.keys(integers);
    this.#kernels = kernels;
    this.#programPtr = programPtr;
    new Uint8Array(buffer, programPtr, bytes).fill(0);
    writeTables(buffer, tables);
    calls.forEach(({ args, kernel }, index) => {
      const start = programPtr + index * instruction.bytes;
      const words = new Uint32Array(buffer, start, instruction.words);
      const scalars = new Float64Array(buffer, start + 4 * instruction.words, instruction.scalars);
      const count = integers[kernel];
      words[0] = codes.indexOf(kernel) + 1;
      args.forEach((arg, k) => {
        const [values, at] = k < count ? [words, k + 1] : [scalars, k - count];
        if (typeof arg === "number") values[at] = arg;
        else this.#slots[arg].push(values.subarray(at, at + 1));
      });
    });
  }

  slots(name: Slot): Slots {
    return this.#slots[name];
  }

  run(): void {
    this.#kernels.run(this.#programPtr);
  }
}

import { readdirSync, readFileSync } from "node:fs";

const assembly = new URL("../../assembly/", import.meta.url);

/** AssemblyScript files without exported kernels: the export list, shared code, the mark of wasm-fma, and the peak benchmark. */
const internal = [
  "index",
  "simd",
  "trigonometry",
  "acrobotDynamics",
  "patch",
  "fused",
  "peak",
  "weightGradients",
];

/** Names of the files in assembly/ that define kernels, without the extension. */
export function kernelFiles(): string[] {
  return readdirSync(assembly)
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.slice(0, -3))
    .filter((name) => !internal.includes(name))
    .toSorted();
}

/** The exported functions of assembly/<name>.ts in their order, as "tanhForward(valuesPtr, count)". */
export function assemblySignatures(name: string): string[] {
  const text = readFileSync(new URL(`${name}.ts`, assembly), "utf8");
  return [...text.matchAll(/^export (?:function )?(\w+)\(?([^)]*)/gm)].map(
    ([, kernel, list = ""]) => signature(kernel!, list.replace(/:[^,]*/g, "")),
  );
}

/** The functions of a group of js kernels in their order, as "tanhForward(valuesPtr, count)". */
export function jsSignatures(kernels: object): string[] {
  return Object.entries(kernels).map(([kernel, implementation]) => {
    const [, list = ""] = /\(([^)]*)\)/.exec(String(implementation)) ?? [];
    // An underscore marks scratch memory, which only the WebAssembly kernels need.
    return signature(kernel, list.replace(/\b_/g, ""));
  });
}

function signature(kernel: string, list: string): string {
  const parameters = list.split(",").map((parameter) => parameter.trim());
  return `${kernel}(${parameters.filter((parameter) => parameter !== "").join(", ")})`;
}

/** A kernel of assembly/ without a result: numbers of its pointers and sizes, and the types of its scalars. */
interface CallableKernel {
  readonly name: string;
  readonly integers: number;
  readonly scalars: readonly string[];
}

/** The exported functions of assembly/<name>.ts without a result, in their order. */
export function callableKernels(name: string): CallableKernel[] {
  const text = readFileSync(new URL(`${name}.ts`, assembly), "utf8");
  return [...text.matchAll(/^export function (\w+)\(([^)]*)\): void/gm)].map(
    ([, kernel = "", list = ""]) => {
      const types = [...list.matchAll(/: (\w+)/g)].map(([, type = ""]) => type);
      const scalars = types.filter((type) => type.startsWith("f"));
      return { name: kernel, integers: types.length - scalars.length, scalars };
    },
  );
}

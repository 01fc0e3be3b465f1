import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { jsKernels } from "../../src/kernels/js/kernels.ts";
import { assemblySignatures, jsSignatures, kernelFiles } from "./signatures.ts";

const js = new URL("../../src/kernels/js/", import.meta.url);

/** Files of src/kernels/js without kernels: the list of all groups, and the order of reductions. */
const internal = ["kernels", "sumLanes"];

describe("every kernel file of assembly/ has a js file of the same name", () => {
  it("with no file left over", () => {
    const files = readdirSync(js).map((file) => file.replace(/\.ts$/, ""));
    expect(files.filter((name) => !internal.includes(name)).toSorted()).toEqual(kernelFiles());
  });

  it.each(kernelFiles())("%s: same functions, order and parameters", async (name) => {
    const module: Record<string, unknown> = await import(new URL(`${name}.ts`, js).href);
    expect(Object.keys(module)).toEqual([`${name}Kernels`]);
    const group = module[`${name}Kernels`];
    if (typeof group !== "function") throw new Error(`${name}Kernels is not a function.`);
    const kernels: object = group();
    expect(jsSignatures(kernels)).toEqual(assemblySignatures(name));
  });

  it("is on the lists of both sides, in the same order", () => {
    const index = readFileSync(new URL("../../assembly/index.ts", import.meta.url), "utf8");
    const listed = [...index.matchAll(/^export \* from "\.\/(\w+)";$/gm)].map(([, name]) => name!);
    expect(listed.toSorted()).toEqual(kernelFiles());
    expect(jsSignatures(jsKernels(new ArrayBuffer(0)))).toEqual(listed.flatMap(assemblySignatures));
  });
});

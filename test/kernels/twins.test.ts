import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { jsKernels } from "../../src/kernels/js/kernels.ts";
import { assemblySignatures, jsSignatures, kernelFiles } from "./signatures.ts";

const js = new URL("../../src/kernels/js/", import.meta.url);

/** Files of src/kernels/js that define no kernel group. */
const internal = ["kernels", "sumLanes"];

describe("kernel files of assembly/ and src/kernels/js", () => {
  it("exist in pairs", () => {
    const files = readdirSync(js).map((file) => file.replace(/\.ts$/, ""));
    expect(files.filter((name) => !internal.includes(name)).toSorted()).toEqual(kernelFiles());
  });

  it.each(kernelFiles())("%s: the same functions, order and parameters", async (name) => {
    const module: Record<string, unknown> = await import(new URL(`${name}.ts`, js).href);
    expect(Object.keys(module)).toEqual([`${name}Kernels`]);
    const group = module[`${name}Kernels`];
    if (typeof group !== "function") throw new Error(`${name}Kernels is not a function.`);
    const kernels: object = group();
    expect(jsSignatures(kernels)).toEqual(assemblySignatures(name));
  });

  it("are listed in the same order on both sides", () => {
    const index = readFileSync(new URL("../../assembly/index.ts", import.meta.url), "utf8");
    const listed = [...index.matchAll(/^export \* from "\.\/(\w+)";$/gm)].map(([, name]) => name!);
    expect(listed.toSorted()).toEqual(kernelFiles());
    const all = [...listed.flatMap(assemblySignatures), "run(programPtr)"];
    expect(jsSignatures(jsKernels(new ArrayBuffer(0)))).toEqual(all);
  });
});

import { readFileSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { jsKernels } from "../../src/kernels/js/kernels.ts";
import type { Kernels } from "../../src/kernels/kernels.ts";
import { kernelNames } from "../../src/kernels/programFormat.ts";
import { wasmKernels } from "../../src/kernels/wasm.ts";
import "./relaxedSimd.ts";

const path = (target: string) => new URL(`../../build/${target}.wasm`, import.meta.url);

/** Returns the sections of a WebAssembly binary by id: 10 is code, 11 data. */
function sections(bytes: Uint8Array): Map<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  let at = 8;
  while (at < bytes.length) {
    const id = bytes[at++]!;
    let size = 0;
    for (let shift = 0, more = true; more; shift += 7) {
      const byte = bytes[at++]!;
      size |= (byte & 0x7f) << shift;
      more = byte >= 0x80;
    }
    found.set(id, bytes.subarray(at, at + size));
    at += size;
  }
  return found;
}

describe.each(["release", "fma", "debug"])("build/%s.wasm", (target) => {
  const bytes = readFileSync(path(target));
  const module = new WebAssembly.Module(bytes);

  it("imports only its memory", () => {
    expect(WebAssembly.Module.imports(module)).toEqual([
      { module: "env", name: "memory", kind: "memory" },
    ]);
  });

  it("has no data section", () => {
    expect(sections(bytes).has(10)).toBe(true);
    expect(sections(bytes).has(11)).toBe(false);
  });

  it("has no mutable global", () => {
    const text = readFileSync(new URL(`../../build/${target}.wat`, import.meta.url), "utf8");
    expect(text).toContain("(module");
    expect(text.match(/\(global .*\(mut /g) ?? []).toEqual([]);
  });

  it("exports the same functions as the js kernels, with the same numbers of parameters", () => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const wasm = wasmKernels(module, memory);
    const arity = (kernels: object) =>
      Object.fromEntries(
        Object.entries(kernels).flatMap(([name, kernel]) =>
          typeof kernel === "function" ? [[name, kernel.length]] : [],
        ),
      );
    const mark = target === "fma" ? { isFused: 1 } : {};
    expect(arity(wasm)).toEqual({ ...mark, ...arity(jsKernels(memory.buffer)) });
  });
});

it.each([
  ["a misaligned pointer", (kernels: Kernels) => kernels.tanhForward(4, 4)],
  ["a misaligned second pointer", (kernels: Kernels) => kernels.softUpdate(0, 24, 4, 1)],
  ["a count that is no multiple of 4", (kernels: Kernels) => kernels.softUpdate(0, 32, 6, 1)],
  [
    "a batch that is no multiple of 8",
    (kernels: Kernels) => kernels.tdTarget(0, 64, 128, 192, 1, 4),
  ],
])("only the debug build traps on %s", (_, call) => {
  const kernels = (target: string) =>
    wasmKernels(
      new WebAssembly.Module(readFileSync(path(target))),
      new WebAssembly.Memory({ initial: 1 }),
    );
  expect(() => call(kernels("debug"))).toThrow(WebAssembly.RuntimeError);
  expect(() => call(kernels("release"))).not.toThrow();
});

it.each(["release", "fma"])("keeps build/%s.wasm within 24 KB", (target) => {
  expect(statSync(path(target)).size).toBeLessThanOrEqual(24 * 1024);
});

it("the list of names is that of the kernels", () => {
  const kernels = jsKernels(new ArrayBuffer(0));
  expect(kernelNames().toSorted()).toEqual(Object.keys(kernels).toSorted());
});

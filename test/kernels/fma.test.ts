import { readFileSync } from "node:fs";
import { afterEach, expect, it, vi } from "vitest";
import { recipeConfig } from "../../src/config/recipes.ts";
import { Training } from "../../src/dqn/training.ts";
import { encodeCheckpoint, readCheckpoint, resumeTraining } from "../../src/formats/checkpoint.ts";
import { encodePolicy, openPolicy } from "../../src/formats/policy.ts";
import { coreModule, createCore, loadCore, supportsWasm } from "../../src/kernels/core.ts";
import { fmaModule } from "../../src/kernels/fmaModule.ts";
import type { Backend } from "../../src/kernels/kernels.ts";
import "./relaxedSimd.ts";

const kernels = () =>
  Uint8Array.from(readFileSync(new URL("../../build/fma.wasm", import.meta.url)));

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** A run of 200 steps, of which 100 have an update. */
function trained(backend: Backend): Training {
  const training = new Training({ ...recipeConfig("tanh-64"), learningStarts: 100, backend });
  training.advance(200);
  return training;
}

it("wasm-fma trains other weights than wasm, within rounding errors", () => {
  const fused = trained("wasm-fma").weights();
  const { isFused } = new WebAssembly.Instance(coreModule("wasm-fma"), {
    env: { memory: new WebAssembly.Memory({ initial: 0 }) },
  }).exports as { isFused(one: number): number };
  const differ = trained("wasm")
    .weights()
    .filter(({ values }, tensor) => values.some((value, k) => value !== fused[tensor]!.values[k]));
  expect(differ.length > 0).toBe(isFused(1) === 1);
});

it("loadCore recognises the kernels of wasm-fma and keeps those of wasm", async () => {
  const [wasm, fused] = [coreModule("wasm"), coreModule("wasm-fma")];
  await loadCore(kernels());
  expect(coreModule("wasm")).toBe(wasm);
  expect(coreModule("wasm-fma")).not.toBe(fused);
});

it("only the build for wasm-fma has relaxed multiply-adds", () => {
  const count = (target: string) =>
    readFileSync(new URL(`../../build/${target}.wat`, import.meta.url), "utf8").split("relaxed")
      .length - 1;
  expect(count("fma")).toBeGreaterThan(50);
  expect(count("release")).toBe(0);
});

it("without relaxed SIMD, Node gets a sentence that says what to do", async () => {
  class NoModule {
    constructor() {
      throw new WebAssembly.CompileError("invalid numeric opcode 0xfd105");
    }
  }
  const { CompileError } = WebAssembly;
  vi.stubGlobal("WebAssembly", { ...WebAssembly, CompileError, Module: NoModule });
  vi.resetModules();
  const fresh = await import("../../src/kernels/core.ts");
  expect(fresh.supportsWasm("wasm-fma")).toBe(false);
  expect(() => fresh.createCore("wasm-fma", 64)).toThrow(
    `backend wasm-fma needs relaxed SIMD, which Node ${process.versions.node} lacks: use Node 22 or later, or backend wasm.`,
  );
});

it("without relaxed SIMD, loadCore says what core-fma.wasm needs", async () => {
  await expect(loadCore(Uint8Array.of(1, 2, 3))).rejects.toThrow(
    /^wasm could not be loaded: .* \(core-fma\.wasm needs relaxed SIMD\)\.$/,
  );
});

it("outside Node, wasm-fma needs loadCore first", () => {
  expect(() => fmaModule()).toThrow(
    /^backend wasm-fma needs wasm-dqn\/core-fma\.wasm: call loadCore first\.$/,
  );
  expect(supportsWasm("wasm-fma")).toBe(true);
});

it("rejects an unknown backend", () => {
  expect(() => createCore("gpu" as Backend, 64)).toThrow(
    'backend must be wasm, wasm-fma or js, got "gpu".',
  );
});

it.each<[Backend, Backend]>([
  ["wasm-fma", "wasm"],
  ["wasm-fma", "js"],
  ["wasm", "wasm-fma"],
  ["js", "wasm-fma"],
])("a run on %s cannot continue on %s", (before, after) => {
  const checkpoint = readCheckpoint(encodeCheckpoint(trained(before)), "saved");
  expect(() => resumeTraining(checkpoint, { backend: after })).toThrow(
    `backend must be ${before}, as in saved, got "${after}".`,
  );
});

it("a resumed run stays on wasm-fma and ends with the same bits", () => {
  const whole = trained("wasm-fma");
  const resumed = resumeTraining(readCheckpoint(encodeCheckpoint(whole), "saved"));
  expect(resumed.config.backend).toBe("wasm-fma");
  for (const training of [whole, resumed]) training.advance(100);
  expect(encodeCheckpoint(resumed)).toEqual(encodeCheckpoint(whole));
});

it.each<Backend>(["wasm", "wasm-fma", "js"])("a policy records that %s trained it", (backend) => {
  const { description } = openPolicy(encodePolicy(trained(backend)));
  expect(description.backend).toBe(backend);
});

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Program, Recording } from "../../src/kernels/program.ts";
import { instruction, integers } from "../../src/kernels/programFormat.ts";
import { callableKernels, kernelFiles } from "./signatures.ts";
import { differences, onBoth, type Workbench } from "./workbench.ts";

const callable = kernelFiles().flatMap(callableKernels);

describe("programs", () => {
  it("can call every kernel without a result", () => {
    expect(integers).toEqual(
      Object.fromEntries(callable.map(({ integers: count, name }) => [name, count])),
    );
  });

  it("have instructions with room for the arguments of every kernel", () => {
    const { bytes, scalars, words } = instruction;
    expect(Math.max(...callable.map((kernel) => kernel.integers))).toBeLessThan(words);
    expect(Math.max(...callable.map((kernel) => kernel.scalars.length))).toBeLessThanOrEqual(
      scalars,
    );
    expect(bytes).toBe(4 * words + 8 * scalars);
  });

  it("pass all arguments of every kernel in WebAssembly", () => {
    const text = readFileSync(new URL("../../assembly/index.ts", import.meta.url), "utf8");
    const cases = [...text.matchAll(/case (\d+): *(\w+)\((.*?)\);/gs)].map(
      ([, code, kernel, list = ""]) => `${code} ${kernel} ${list.replace(/\s|,$/g, "")}`,
    );
    const expected = Object.keys(integers).map((name, k) => {
      const { integers: count, scalars } = callable.find((kernel) => kernel.name === name)!;
      const words = Array.from({ length: count }, (_, at) => `word(p,${at + 1})`);
      const floats = scalars.map((type, at) => `${type === "f32" ? "<f32>" : ""}scalar(p,${at})`);
      return `${k + 1} ${name} ${[...words, ...floats].join()}`;
    });
    expect(cases).toEqual(expected);
  });

  it("do the same as calls of the kernels, on wasm and js", () => {
    const work = (bench: Workbench, make: (program: Recording) => void) => {
      const recording = new Recording();
      make(recording);
      return new Program(bench.core, bench.allocate(recording.bytes / 4), recording);
    };
    const [wasm, js] = onBoth((bench) => {
      const [a = 0, b = 0, c = 0] = [8, 8, 8].map((count) => bench.allocate(count));
      const [direct = 0, q = 0] = [8, 8].map((count) => bench.allocate(count));
      bench.floats(direct, 8).set(bench.floats(a, 8));
      const program = work(bench, (recording) => {
        recording.call("sgd", a, b, c, 8, 0.5, 0.25);
        recording.call("softUpdate", a, b, 8, 0.75);
      });
      const again = bench.floats(c, 8).slice();
      program.run();
      bench.floats(c, 8).set(again);
      bench.kernels.sgd(direct, b, c, 8, 0.5, 0.25);
      bench.kernels.softUpdate(direct, b, 8, 0.75);
      expect(bench.words(a, 8)).toEqual(bench.words(direct, 8));
      work(bench, (recording) => recording.call("tanhForward", q, 8)).run();
    });
    expect(differences(wasm, js)).toEqual([]);
  });

  it("use the values in their slots, in every call with the slot", () => {
    const [wasm, js] = onBoth((bench) => {
      const rooms = Array.from({ length: 6 }, () => bench.allocate(8));
      const [weight = 0, other = 0, gradient = 0, mean = 0, variance = 0, direct = 0] = rooms;
      for (const k of [other, direct]) bench.floats(k, 8).set(bench.floats(weight, 8));
      const recording = new Recording();
      for (const ptr of [weight, other]) {
        bench.floats(mean, 8).fill(0);
        recording.call("softUpdate", mean, mean, 8, 0);
        const ptrs = [ptr, gradient, mean, variance] as const;
        recording.call("adam", ...ptrs, 8, "stepSize", 0, 0, 1e-8, "varianceScale");
      }
      const program = new Program(bench.core, bench.allocate(recording.bytes / 4), recording);
      expect(program.slots("samples")).toEqual([]);
      for (const slot of program.slots("stepSize")) slot[0] = 0.125;
      for (const slot of program.slots("varianceScale")) slot[0] = 1.5;
      program.run();
      bench.kernels.adam(direct, gradient, mean, variance, 8, 0.125, 0, 0, 1e-8, 1.5);
      expect(bench.words(weight, 8)).toEqual(bench.words(direct, 8));
      expect(bench.words(other, 8)).toEqual(bench.words(direct, 8));
    });
    expect(differences(wasm, js)).toEqual([]);
  });
});

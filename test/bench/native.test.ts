import { afterEach, expect, it, vi } from "vitest";
import { buildNative, nativeBuilds, nativeCase, runNative } from "../../src/bench/native.ts";
import type { TrainingStep } from "../../src/bench/workloads.ts";
import { RunError } from "../../src/errors.ts";
import { temporaryFolder } from "../cli/run.ts";
import { hasGcc } from "./gcc.ts";

/** One and two hidden layers, both activations, and a number of inputs that is no multiple of a vector. */
const steps: readonly TrainingStep[] = [
  { hiddenSizes: [64], activation: "tanh", batchSize: 32 },
  { hiddenSizes: [120, 84], activation: "relu", batchSize: 128 },
];

afterEach(() => {
  vi.unstubAllEnvs();
});

for (const build of nativeBuilds) {
  it.skipIf(!hasGcc())(`has the losses of wasm-dqn: ${build.name}`, ({ skip }) => {
    let executable = "";
    try {
      executable = buildNative("src/bench/native.c", build, temporaryFolder());
    } catch (error) {
      if (String(error).includes("no AVX2")) skip();
      throw error;
    }
    for (const step of steps) {
      const expected = nativeCase(step);
      const { losses, microseconds } = runNative(executable, step, expected);
      expect(losses).toHaveLength(20);
      expect(microseconds).toBeGreaterThan(0);
      const other = { ...expected, losses: expected.losses.map((loss) => 1.001 * loss) };
      expect(() => runNative(executable, step, other)).toThrow("native.c does other work: ");
    }
  });
}

it("says in one sentence that gcc is missing", () => {
  vi.stubEnv("PATH", temporaryFolder());
  expect(() => buildNative("native.c", nativeBuilds[0]!, temporaryFolder())).toThrow(
    new RunError("gcc is not installed."),
  );
});

it.skipIf(!hasGcc())("names the compiler's error", () => {
  expect(() => buildNative("nowhere.c", nativeBuilds[0]!, temporaryFolder())).toThrow(
    /^gcc failed: .*nowhere\.c/,
  );
});

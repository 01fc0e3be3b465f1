import { defineConfig } from "vitest/config";

/** `npm run fuzz`: so many times the cases, of a seed of its own. */
const { FUZZ_TIMES = "20", FUZZ_SEED = String(Date.now() % 2 ** 32) } = process.env;

const fuzz = {
  env: { FUZZ_TIMES, FUZZ_SEED },
  testTimeout: 3_600_000,
  reporters: ["verbose"],
  disableConsoleIntercept: true,
  globalSetup: [],
};

const test = {
  // CommonJS packages as Node itself imports them.
  deps: { interopDefault: false },
  include: ["test/**/*.test.ts"],
  globalSetup: ["test/browser/chromium.ts"],
  testTimeout: 60_000,
  // All processors: Vitest would leave one idle, of two the half.
  maxWorkers: "100%",
};

export default defineConfig(({ mode }) => {
  if (mode === "fuzz") console.log(`FUZZ_TIMES=${FUZZ_TIMES} FUZZ_SEED=${FUZZ_SEED}`);
  if (mode === "debug") return { test: { ...test, setupFiles: ["test/kernels/debugBuild.ts"] } };
  return { test: mode === "fuzz" ? { ...test, ...fuzz } : test };
});

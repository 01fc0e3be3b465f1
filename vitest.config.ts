import { defineConfig } from "vitest/config";
import { TotalsReporter } from "./test/fuzz/totals.ts";
import { unitTests } from "./test/unitTests.ts";

/**
 * `npm run fuzz` multiplies the number of cases by FUZZ_TIMES and draws a seed. FUZZ_TIMES=100 runs 3,000 command lines
 * as processes, 10,000 bit flips of policies and 10,000 of checkpoints, 15,000 random configurations, 200 kills and
 * more than 1,000,000 damaged inputs. It prints a table of the numbers of cases at its end.
 */
const { FUZZ_TIMES = "20", FUZZ_SEED = String(Date.now() % 2 ** 32) } = process.env;
const FAULT_KILLS = process.env.FAULT_KILLS ?? String(2 * Number(FUZZ_TIMES));

const fuzz = {
  env: { FUZZ_TIMES, FUZZ_SEED, FAULT_KILLS },
  testTimeout: 7_200_000,
  reporters: ["verbose", new TotalsReporter()],
  disableConsoleIntercept: true,
  globalSetup: [],
};

const test = {
  // Imports CommonJS packages as Node does.
  deps: { interopDefault: false },
  include: ["test/**/*.test.ts"],
  globalSetup: ["test/missingTools.ts"],
  // Ends a test that hangs. Not a bound on speed: a busy machine may take 20 times as long as an idle one.
  testTimeout: 300_000,
  hookTimeout: 300_000,
  expect: { poll: { timeout: 240_000 } },
  // All processors: by default Vitest leaves one idle, which is half of two.
  maxWorkers: "100%",
};

export default defineConfig(({ mode }) => {
  if (mode === "fuzz") console.log(`FUZZ_TIMES=${FUZZ_TIMES} FUZZ_SEED=${FUZZ_SEED}`);
  if (mode === "unit") return { test: { ...test, include: unitTests(), globalSetup: [] } };
  if (mode === "debug") return { test: { ...test, setupFiles: ["test/kernels/debugBuild.ts"] } };
  return { test: mode === "fuzz" ? { ...test, ...fuzz } : test };
});

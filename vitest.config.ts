import { defineConfig } from "vitest/config";

/** `npm run fuzz`: twenty times the cases, of a seed of its own. */
const fuzz = {
  env: {
    FUZZ_TIMES: process.env.FUZZ_TIMES ?? "20",
    FUZZ_SEED: process.env.FUZZ_SEED ?? String(Date.now() % 2 ** 32),
  },
  testTimeout: 3_600_000,
  reporters: ["verbose"],
  disableConsoleIntercept: true,
};

export default defineConfig(({ mode }) => ({
  test: {
    // CommonJS packages as Node itself imports them.
    deps: { interopDefault: false },
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    ...(mode === "fuzz" ? fuzz : {}),
  },
}));

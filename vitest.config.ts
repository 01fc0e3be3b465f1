import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // CommonJS packages as Node itself imports them.
    deps: { interopDefault: false },
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/browser/chromium.ts"],
    testTimeout: 60_000,
  },
});

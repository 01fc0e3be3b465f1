import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { temporaryFolder } from "./cli/run.ts";
import setup from "./missingTools.ts";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

it("prints missing tools before and after the tests, and installs nothing", () => {
  const folder = temporaryFolder();
  for (const program of ["apt-get", "npx", "npm"]) {
    writeFileSync(join(folder, program), `#!/bin/sh\ntouch ${folder}/called\n`);
    chmodSync(join(folder, program), 0o755);
  }
  vi.stubEnv("PATH", folder);
  const said: string[] = [];
  vi.spyOn(console, "error").mockImplementation((text: string) => said.push(text));
  const teardown = setup();
  expect(said).toHaveLength(1);
  expect(said[0]).toContain("SKIPPED: the tests of sweeps on a queue, since redis-server");
  teardown();
  expect(said[1]).toBe(said[0]);
  expect(existsSync(join(folder, "called"))).toBe(false);
});

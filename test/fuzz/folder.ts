import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** Memory instead of a disk: fsync is a hundred times as fast. */
const parent = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** A folder that is deleted after the last test of the file. */
export function lastingFolder(): string {
  const folder = mkdtempSync(join(parent, "wasm-dqn-fuzz-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

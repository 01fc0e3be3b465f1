import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** Files that are synced are written a hundred times as fast where there is no disk. */
const parent = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** A folder that is gone after the file's last test. */
export function lastingFolder(): string {
  const folder = mkdtempSync(join(parent, "wasm-dqn-fuzz-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

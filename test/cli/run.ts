import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

export const main = fileURLToPath(new URL("../../build/node/main.js", import.meta.url));

/** Result of a command. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder that is deleted after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "wasm-dqn-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs `wasm-dqn` as a process in `folder`. */
export function wasmDqn(folder: string, ...args: string[]): CommandResult {
  return wasmDqnUnder([], folder, ...args);
}

/** Runs `wasm-dqn` with options for Node, such as --max-old-space-size. */
export function wasmDqnUnder(
  options: readonly string[],
  folder: string,
  ...args: string[]
): CommandResult {
  const values = [...options, main, ...args];
  const result = spawnSync(process.execPath, values, { cwd: folder, encoding: "utf8" });
  return { code: result.status, stdout: result.stdout, stderr: result.stderr };
}

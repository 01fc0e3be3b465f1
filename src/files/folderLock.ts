import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { RunError } from "../errors.ts";
import { attempt } from "./fileError.ts";
import { hasEnded, type ProcessIdentity, thisProcess } from "./processIdentity.ts";
import { readText } from "./readFile.ts";
import { removeIfPermitted } from "./removeFile.ts";
import { saveFile } from "./saveFile.ts";

const lockName = /^wasm-dqn\.\d+\.\d*\.lock$/;

/** Reads which process wrote a lock file; null if the file is damaged. */
function readLock(path: string): ProcessIdentity | null {
  try {
    const text = readText(path, { what: "lock file", most: 2 ** 16 });
    const { pid, ...words } = JSON.parse(text) as ProcessIdentity;
    const { boot, container, host, start } = words;
    const whole = [boot, container, host, start].every((word) => typeof word === "string");
    return whole && Number.isInteger(pid) ? { pid, start, host, boot, container } : null;
  } catch {
    return null;
  }
}

/**
 * Locks a folder for this process until it ends. Each process writes a uniquely named lock file, then lists the folder.
 * Of two processes, the later to list sees the other's file, so at most one continues. If both list at once, both fail.
 * Deletes lock files of ended processes. Lock names are never reused, so this cannot delete a live lock.
 * @throws RunError if another process uses the folder, or it cannot be written
 */
export function lockFolder(folder: string): void {
  const ownName = `wasm-dqn.${thisProcess.pid}.${thisProcess.start}.lock`;
  const ownPath = join(folder, ownName);
  saveFile(ownPath, `${JSON.stringify(thisProcess)}\n`);
  process.once("exit", () => removeIfPermitted(ownPath));
  for (const name of attempt("read", folder, () => readdirSync(folder))) {
    if (name === ownName || !lockName.test(name)) continue;
    const path = join(folder, name);
    const other = readLock(path);
    // The process ended after the folder was listed.
    if (other === null && !existsSync(path)) continue;
    if (other !== null && hasEnded(other)) removeIfPermitted(path);
    else {
      removeIfPermitted(ownPath);
      throw new RunError(`${folder} is in use by ${describe(other, path)}`);
    }
  }
}

function describe(other: ProcessIdentity | null, path: string): string {
  const remedy = `If that process has ended, delete ${path}.`;
  if (other === null) return `another process. ${remedy}`;
  const { boot, container } = thisProcess;
  const here = other.boot === boot && other.container === container;
  return here ? `process ${other.pid}.` : `process ${other.pid} on ${other.host}. ${remedy}`;
}

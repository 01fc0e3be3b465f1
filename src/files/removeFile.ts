import { rmSync } from "node:fs";

/** Deletes a file if the system permits it. A lock or temporary file that stays is deleted by a later process. */
export function removeIfPermitted(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The folder has become read-only.
  }
}

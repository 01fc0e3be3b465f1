import writeFileAtomic from "write-file-atomic";
import { RunError } from "../errors.ts";

/** Writes a file to a temporary name, synced, then renamed. @throws RunError if it cannot be written */
export function saveFile(path: string, contents: string | Uint8Array): void {
  try {
    writeFileAtomic.sync(path, typeof contents === "string" ? contents : Buffer.from(contents));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RunError(`Could not write ${path}: ${reason}.`);
  }
}

import { readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { attempt } from "./fileError.ts";

/**
 * Writes a whole file: to a temporary name first, synced, then renamed, so that whatever happens there is the file as it was or as
 * it is to be. What is no file, such as /dev/stdout, is written as it is.
 * @throws RunError if it cannot be written; no temporary file is left
 */
export function saveFile(path: string, contents: string | Uint8Array): void {
  attempt("write", path, () => {
    const special = statSync(path, { throwIfNoEntry: false })?.isFile() === false;
    if (special) writeFileSync(path, contents);
    else {
      // Not left to write-file-atomic, which writes once: on a disk that is nearly full, or beyond 2 GiB, the system takes a part
      // of the bytes, and half a file would get the name.
      const tmpfileCreated = (temporary: string) => writeFileSync(temporary, contents);
      writeFileAtomic.sync(path, "", { tmpfileCreated });
    }
  });
}

/** Temporary names of the files of runs and sweeps. */
const temporary =
  /^(?:(?:config|run|running\.\d+\.\d*)\.json|(?:episodes|results)\.csv|metrics\.jsonl|\w+\.safetensors|report\.(?:md|svg)|events\.out\..+\.0)\.\d{6,10}$/;

/** Takes away what a process left in a folder that was killed while it saved a file. */
export function removeTemporaryFiles(folder: string): void {
  attempt("write", folder, () => {
    for (const name of readdirSync(folder)) {
      if (temporary.test(name)) rmSync(join(folder, name), { force: true });
    }
  });
}

import { closeSync, constants, fstatSync, ftruncateSync, openSync, writeFileSync } from "node:fs";
import { attempt } from "./fileError.ts";

/**
 * Appends to a file that exists: a log that somebody deleted is not made again without its beginning. All of the bytes are
 * appended, or none.
 * @throws RunError if they cannot be appended
 */
export function appendFile(path: string, contents: string | Uint8Array): void {
  attempt("write", path, () => {
    const file = openSync(path, constants.O_WRONLY | constants.O_APPEND);
    try {
      const { size } = fstatSync(file);
      try {
        writeFileSync(file, contents);
      } catch (error) {
        // A disk that becomes full takes a part of the bytes.
        ftruncateSync(file, size);
        throw error;
      }
    } finally {
      closeSync(file);
    }
  });
}

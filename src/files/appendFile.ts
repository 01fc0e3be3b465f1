import { closeSync, constants, fstatSync, ftruncateSync, openSync, writeFileSync } from "node:fs";
import { attempt } from "./fileError.ts";

/**
 * Appends to an existing file. Either all bytes are appended or none. A deleted file is an error, since a new one would lack its header.
 * @throws RunError if the bytes cannot be appended
 */
export function appendFile(path: string, contents: string | Uint8Array): void {
  attempt("write", path, () => {
    const file = openSync(path, constants.O_WRONLY | constants.O_APPEND);
    try {
      const { size } = fstatSync(file);
      try {
        writeFileSync(file, contents);
      } catch (error) {
        // A disk that becomes full may have written a part of the bytes.
        ftruncateSync(file, size);
        throw error;
      }
    } finally {
      closeSync(file);
    }
  });
}

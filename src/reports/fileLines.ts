import { closeSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { RunError } from "../errors.ts";
import { attempt } from "../files/fileError.ts";

const CHUNK_BYTES = 1 << 20;

/**
 * The lines of a text file, without their ends. Reads 1 MiB at a time: a log of a long run may be longer than the longest string. A last
 * line without an end is left out: it is one that is being written, or that was cut off.
 * @throws RunError if the file cannot be read, or one line is longer than 1 MiB
 */
export function* fileLines(path: string): Generator<string> {
  const file = attempt("read", path, () => openSync(path, "r"));
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const decoder = new StringDecoder("utf8");
    let rest = "";
    for (;;) {
      const bytes = attempt("read", path, () => readSync(file, chunk));
      if (bytes === 0) return;
      const lines = (rest + decoder.write(chunk.subarray(0, bytes))).split("\n");
      rest = lines.pop()!;
      if (rest.length > CHUNK_BYTES) {
        throw new RunError(`${path} has a line of more than 1 MiB: expected the log of a run.`);
      }
      yield* lines;
    }
  } finally {
    closeSync(file);
  }
}

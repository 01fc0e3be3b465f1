import { closeSync, openSync, readSync } from "node:fs";
import { RunError } from "../errors.ts";
import { attempt } from "../files/fileError.ts";

const CHUNK_BYTES = 2 ** 22;
const LONGEST_LINE = 2 ** 24;

export interface LinesRead {
  /** Without their ends, as Latin-1: one character per byte. */
  readonly lines: readonly string[];
  /** Bytes of the file up to the end of these lines. */
  readonly end: number;
}

/**
 * Reads a file's lines a few megabytes at a time: a string could not hold a large file. A last line without an end is left out.
 * @throws RunError if it cannot be read, or a line is longer than 16 MiB
 */
export function* wholeLines(path: string): Generator<LinesRead> {
  const file = attempt("read", path, () => openSync(path, "r"));
  try {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    let rest = "";
    let end = 0;
    for (;;) {
      const count = attempt("read", path, () => readSync(file, chunk));
      if (count === 0) return;
      const text = rest + chunk.toString("latin1", 0, count);
      const last = text.lastIndexOf("\n");
      rest = text.slice(last + 1);
      if (rest.length > LONGEST_LINE) {
        throw new RunError(`${path} is not the results of a sweep: it has a line of over 16 MiB.`);
      }
      if (last === -1) continue;
      end += last + 1;
      yield { lines: text.slice(0, last).split("\n"), end };
    }
  } finally {
    closeSync(file);
  }
}

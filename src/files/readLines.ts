import { closeSync } from "node:fs";
import { RunError } from "../errors.ts";
import { attempt } from "./fileError.ts";
import { checkFile, fill, openForReading } from "./readFile.ts";

/** Bytes per read call. */
const CHUNK = 2 ** 22;
/** Maximum bytes of a log's line. */
const LOG_LINE = 2 ** 20;

/** A file of lines. */
export interface LineFile {
  /** Name of the kind of file in messages, such as "log". */
  readonly what: string;
  /** latin1 keeps each byte as one character, so that a line can be written back unchanged. */
  readonly encoding: "utf8" | "latin1";
  /** Maximum bytes of a line with its newline. */
  readonly longest: number;
  /** Whether longer lines are skipped; otherwise they are an error. */
  readonly skipLonger: boolean;
}

/** Consecutive lines of a file. */
export interface LineChunk {
  /** Without their newlines. */
  readonly lines: readonly string[];
  /** Bytes of the file up to the end of these lines. */
  readonly end: number;
}

/**
 * Reads the lines of a file of any size in chunks. Omits a last line without a newline: it is incomplete.
 * @throws RunError if the file cannot be read, see `checkFile`, or if a line is too long
 */
export function* readLineChunks(path: string, options: LineFile): Generator<LineChunk> {
  const { encoding, longest, skipLonger, what } = options;
  checkFile(path, { what, most: Number.MAX_SAFE_INTEGER });
  const file = attempt("read", path, () => openForReading(path), what);
  try {
    const buffer = Buffer.allocUnsafe(longest);
    let kept = 0;
    let end = 0;
    let skipping = false;
    for (;;) {
      const target = buffer.subarray(kept, kept + CHUNK);
      const count = attempt("read", path, () => fill(file, target), what);
      if (count === 0) return;
      const bytes = buffer.subarray(0, kept + count);
      const newline = bytes.lastIndexOf(10);
      if (newline !== -1) {
        const lines = bytes.toString(encoding, 0, newline).split("\n");
        if (skipping) lines.shift();
        skipping = false;
        end += newline + 1;
        yield { lines, end };
        bytes.copyWithin(0, newline + 1);
      }
      kept = bytes.length - (newline + 1);
      if (kept < longest) continue;
      if (!skipLonger) {
        const limit = longest.toLocaleString("en-US");
        throw new RunError(`The ${what} ${path} has a line of more than ${limit} bytes.`);
      }
      skipping = true;
      end += kept;
      kept = 0;
    }
  } finally {
    closeSync(file);
  }
}

/**
 * Reads the lines of a log. Skips lines of more than 1 MiB, and a last line without a newline.
 * @throws RunError if the file cannot be read, see `checkFile`
 */
export function* readLogLines(path: string): Generator<string> {
  const options = { what: "log", encoding: "utf8", longest: LOG_LINE, skipLonger: true } as const;
  for (const { lines } of readLineChunks(path, options)) yield* lines;
}

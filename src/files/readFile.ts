import { constants as limits } from "node:buffer";
import { closeSync, constants, openSync, readSync, type Stats, statSync } from "node:fs";
import { RunError } from "../errors.ts";
import type { Bytes } from "../typedArrays.ts";
import { attempt, codeOf } from "./fileError.ts";

/** Kind of a file to read. */
export interface FileKind {
  /** Its name in messages, such as "policy file". */
  readonly what: string;
  /** Maximum size in bytes. */
  readonly most: number;
}

/** Bytes per read call. The system limits a call to less than 2 GiB. */
const CHUNK = 2 ** 30;

const bytesOf = (count: number) => `${count.toLocaleString("en-US")} bytes`;

/**
 * Checks that a path names a regular file of at most `most` bytes. Follows symbolic links. Does not open the file.
 * @throws RunError if the file is missing or too large, or is a folder, a device, a pipe or a socket
 */
export function checkFile(path: string, { most, what }: FileKind): Stats {
  const stats = attempt("read", path, () => statOf(path), what);
  if (stats === undefined) throw new RunError(`There is no ${what} ${path}.`);
  const name = `The ${what} ${path}`;
  if (stats.isDirectory()) throw new RunError(`${name} is a folder, expected a file.`);
  if (!stats.isFile()) {
    throw new RunError(`${name} is a device, a pipe or a socket, expected a regular file.`);
  }
  if (stats.size > most) {
    throw new RunError(`${name} has ${bytesOf(stats.size)}, expected at most ${bytesOf(most)}.`);
  }
  return stats;
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Opens a file that `checkFile` accepted. */
export function openForReading(path: string): number {
  // Non-blocking: if a pipe replaces the file after the check, opening it must not wait for a writer.
  return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
}

/** Reads from the file's position into `target`. Returns the number of bytes, which is less than its length only at the end of the file. */
export function fill(file: number, target: Uint8Array, chunk = CHUNK): number {
  let at = 0;
  while (at < target.length) {
    const count = readSync(file, target, at, Math.min(chunk, target.length - at), null);
    if (count === 0) break;
    at += count;
  }
  return at;
}

/**
 * Reads a whole regular file, up to the size it has at the start.
 * @param chunk maximum bytes per read call
 * @throws RunError if the file cannot be read, see `checkFile`
 */
export function readBytes(path: string, kind: FileKind, chunk = CHUNK): Bytes {
  const { size } = checkFile(path, kind);
  const read = () => {
    const file = openForReading(path);
    try {
      const bytes = allocate(size);
      const count = fill(file, bytes, chunk);
      return count === size ? bytes : bytes.subarray(0, count);
    } finally {
      closeSync(file);
    }
  };
  return attempt("read", path, read, kind.what);
}

function allocate(size: number): Bytes {
  try {
    if (size <= limits.MAX_LENGTH) return new Uint8Array(size);
  } catch {
    // Reported below.
  }
  throw new Error(`could not allocate ${bytesOf(size)}`);
}

/** Reads a whole regular file as UTF-8 text, see `readBytes`. Bytes that are not UTF-8 become U+FFFD. */
export function readText(path: string, kind: FileKind): string {
  const bytes = readBytes(path, kind);
  return attempt("read", path, () => Buffer.from(bytes.buffer, 0, bytes.length).toString());
}

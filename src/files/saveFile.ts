import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { attempt } from "./fileError.ts";
import { temporaryName } from "./temporaryFile.ts";

/** The bytes of a file: a text becomes UTF-8, pieces follow one another. */
export type Contents = string | Uint8Array | Iterable<Uint8Array>;

/** One write call takes less than 2 GiB. */
const CHUNK = 2 ** 26;

/**
 * Writes a whole file of any size. A temporary file is written, synced and renamed: at any moment the path holds the old
 * contents or the new ones. Keeps the file's permissions and owner, and follows symbolic links. Devices and pipes, such as
 * /dev/stdout, are written directly.
 *
 * Own code, because write-file-atomic takes one buffer, which ends at 2 GiB, and its temporary names look like a user's.
 * @param chunk maximum bytes of one write call
 * @throws RunError if it cannot be written; no temporary file is left
 */
export function saveFile(path: string, contents: Contents, chunk = CHUNK): void {
  attempt("write", path, () => {
    const old = statSync(path, { throwIfNoEntry: false });
    if (old?.isFile() === false) writeDirectly(path, contents, chunk);
    else replace(old === undefined ? path : realpathSync(path), contents, chunk, old);
  });
}

function writeDirectly(path: string, contents: Contents, chunk: number): void {
  // Opening a pipe for writing waits for its reader, maybe for ever: without one, this fails at once.
  const probe = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  const file = openSync(path, constants.O_WRONLY);
  closeSync(probe);
  try {
    writeAll(file, contents, chunk);
  } finally {
    closeSync(file);
  }
}

function replace(path: string, contents: Contents, chunk: number, old: Stats | undefined): void {
  const temporary = temporaryName(path);
  // "wx": fails if the name exists.
  const file = openSync(temporary, "wx", old === undefined ? 0o666 : old.mode & 0o777);
  try {
    try {
      writeAll(file, contents, chunk);
      if (old !== undefined) keepAttributes(file, old);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    removeQuietly(temporary);
    throw error;
  }
  syncFolder(dirname(path));
}

function writeAll(file: number, contents: Contents, chunk: number): void {
  for (const bytes of piecesOf(contents)) {
    // The system may take fewer bytes than it was given, such as on a disk that is nearly full.
    for (let at = 0; at < bytes.length; ) {
      at += writeSync(file, bytes, at, Math.min(chunk, bytes.length - at));
    }
  }
}

function piecesOf(contents: Contents): Iterable<Uint8Array> {
  if (typeof contents === "string") return [Buffer.from(contents)];
  return contents instanceof Uint8Array ? [contents] : contents;
}

function keepAttributes(file: number, { gid, mode, uid }: Stats): void {
  try {
    fchownSync(file, uid, gid);
  } catch {
    // Only root may give a file away.
  }
  fchmodSync(file, mode & 0o777);
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The folder has become read-only. A later run deletes the file.
  }
}

/** Makes a rename survive a power failure. */
function syncFolder(path: string): void {
  try {
    const folder = openSync(path, "r");
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch {
    // Windows and some network file systems cannot sync a folder.
  }
}

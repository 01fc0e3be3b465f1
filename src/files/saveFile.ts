import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  type Stats,
  statSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { attempt } from "./fileError.ts";
import { removeIfPermitted } from "./removeFile.ts";
import { temporaryName } from "./temporaryFile.ts";

/** Contents of a file: a text, written as UTF-8; bytes; or pieces, written in order. */
export type Contents = string | Uint8Array | Iterable<Uint8Array>;

/** Bytes per write call. The system limits a call to less than 2 GiB. */
const CHUNK = 2 ** 26;

/**
 * Writes a whole file atomically: writes a temporary file, syncs it and renames it. Keeps the file's permissions and owner, and
 * follows symbolic links. Writes directly to devices and pipes, such as /dev/stdout.
 *
 * The package write-file-atomic is no alternative: it takes one buffer of at most 2 GiB, and its temporary names could be a user's.
 * @param chunk maximum bytes per write call
 * @throws RunError if the file cannot be written; the temporary file is then deleted
 */
export function saveFile(path: string, contents: Contents, chunk = CHUNK): void {
  attempt("write", path, () => {
    const old = statSync(path, { throwIfNoEntry: false });
    if (old?.isFile() === false) writeDirectly(path, contents, chunk);
    else replace(old === undefined ? path : realpathSync(path), contents, chunk, old);
  });
}

function writeDirectly(path: string, contents: Contents, chunk: number): void {
  // Opening a pipe for writing waits for a reader. The probe fails at once if there is none.
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
    removeIfPermitted(temporary);
    throw error;
  }
  syncFolder(dirname(path));
}

function writeAll(file: number, contents: Contents, chunk: number): void {
  for (const bytes of piecesOf(contents)) {
    // A write call may write fewer bytes, for example on a disk that is nearly full.
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
    // Only root may change the owner.
  }
  fchmodSync(file, mode & 0o777);
}

/** Syncs a folder, so that a rename survives a power failure. */
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

import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { RunError, reasonOf } from "../errors.ts";

/** Why a file could not be read or written, as a part of a sentence. */
export function reason(error: unknown, path = "."): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") return "it is not writable";
  if (code === "ENOTDIR" || code === "EEXIST") return "a part of its path is not a folder";
  if (code === "EISDIR") return "it is a folder";
  if (code === "ENOSPC") return "the disk is full";
  if (code === "EDQUOT") return "the disk quota is used up";
  if (code === "ENOENT") return existsSync(dirname(path)) ? "it is gone" : "its folder is gone";
  return reasonOf(error);
}

/**
 * Does something with a file.
 * @param verb what is done, such as "write"
 * @throws RunError a sentence that names the file and says why, if it fails
 */
export function attempt<Result>(verb: string, path: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    throw new RunError(`Could not ${verb} ${path}: ${reason(error, path)}.`);
  }
}

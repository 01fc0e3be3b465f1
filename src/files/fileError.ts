import { realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute } from "node:path";
import { RunError, reasonOf } from "../errors.ts";

/** The code of a system error, such as ENOENT; empty for any other value. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** Reason why a file could not be read or written, as a clause for a message. */
export function reason(error: unknown, path = "."): string {
  const code = codeOf(error);
  if (code === "EACCES" || code === "EPERM") return "permission denied";
  if (code === "EROFS") return "the disk is read-only";
  if (code === "ENOTDIR" || code === "EEXIST") return "a part of its path is not a folder";
  if (code === "EISDIR") return "it is a folder";
  if (code === "ELOOP") return "its symbolic links form a loop";
  if (code === "ENOSPC") return "the disk is full";
  if (code === "EDQUOT") return "the disk quota is used up";
  if (code === "ENXIO") return "no process reads this pipe";
  if (code === "ENOENT") return missing(path);
  return reasonOf(error);
}

function missing(path: string): string {
  if (!isAbsolute(path) && isWorkingDirectoryDeleted()) return "the working directory was deleted";
  const folder = statSync(dirname(path), { throwIfNoEntry: false });
  return folder === undefined ? "its folder does not exist" : "it does not exist";
}

/** Whether the working directory was deleted. */
export function isWorkingDirectoryDeleted(): boolean {
  try {
    // Asks the system: process.cwd() may answer from its cache.
    realpathSync.native(".");
    return false;
  } catch (error) {
    return codeOf(error) === "ENOENT";
  }
}

/**
 * Runs an action on a file. Turns each error into a sentence that names the file and the reason.
 * @param verb names the action, such as "write"
 * @param what names the kind of file, such as "policy file"; empty if the path is clear enough
 * @throws RunError if the action throws
 */
export function attempt<Result>(
  verb: string,
  path: string,
  action: () => Result,
  what = "",
): Result {
  try {
    return action();
  } catch (error) {
    if (error instanceof RunError) throw error;
    const name = what === "" ? path : `the ${what} ${path}`;
    throw new RunError(`Could not ${verb} ${name}: ${reason(error, path)}.`);
  }
}

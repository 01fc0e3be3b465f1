import { mkdirSync, statSync } from "node:fs";
import { dirname, isAbsolute } from "node:path";
import { RunError } from "../errors.ts";
import { attempt, codeOf, isWorkingDirectoryDeleted } from "./fileError.ts";

/**
 * Makes a folder and its parents; one that exists is left as it is. Node's recursive mkdir never returns where the system
 * says ENOENT although the parent exists: in /proc, or in a deleted working directory.
 * @throws RunError if it cannot be made
 */
export function makeFolder(path: string): void {
  if (path === "") throw new RunError("The path of a folder must not be empty.");
  attempt("make the folder", path, () => {
    if (makeOrFind(path)) return;
    const parent = dirname(path);
    if (parent !== path && !isFolder(parent)) makeFolder(parent);
    if (!makeOrFind(path)) throw refusal(path);
  });
}

/**
 * Makes a folder in one that exists. Returns false if the name is taken.
 * @throws RunError if it cannot be made
 */
export function makeNewFolder(path: string): boolean {
  return attempt("make the folder", path, () => {
    try {
      mkdirSync(path);
      return true;
    } catch (error) {
      if (codeOf(error) === "EEXIST") return false;
      throw codeOf(error) === "ENOENT" ? refusal(path) : error;
    }
  });
}

/** Returns false if the system says that the parent is missing. */
function makeOrFind(path: string): boolean {
  try {
    mkdirSync(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    if (!isFolder(path)) throw error;
  }
  return true;
}

/** Why the system says ENOENT for a new folder. */
function refusal(path: string): Error {
  if (!isAbsolute(path) && isWorkingDirectoryDeleted()) {
    return new Error("the working directory was deleted");
  }
  return new Error(
    isFolder(dirname(path)) ? "no folder can be made there" : "its folder does not exist",
  );
}

const isFolder = (path: string) =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

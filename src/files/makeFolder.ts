import { mkdirSync, statSync } from "node:fs";
import { dirname, isAbsolute } from "node:path";
import { RunError } from "../errors.ts";
import { attempt, codeOf, isWorkingDirectoryDeleted } from "./fileError.ts";

/**
 * Creates a folder and its missing parents. Unlike this, Node's recursive mkdir loops forever if the system reports ENOENT
 * although the parent exists, as in /proc or in a deleted working directory.
 * @throws RunError if the folder cannot be created
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
 * Creates a folder in an existing one. Returns false if the name is taken.
 * @throws RunError if the folder cannot be created
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

/** Creates a folder unless it exists. Returns false if the system reports that the parent is missing. */
function makeOrFind(path: string): boolean {
  try {
    mkdirSync(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    if (!isFolder(path)) throw error;
  }
  return true;
}

/** Reason of an ENOENT for a new folder. */
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

import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { RunError } from "../errors.ts";
import { attempt, codeOf, isWorkingDirectoryDeleted } from "./fileError.ts";

/**
 * Makes a folder and its parents; one that exists is left as it is. Node's recursive mkdir never returns where the system
 * says ENOENT although the parent exists: in /proc, or in a deleted working directory.
 * @throws RunError if it cannot be made
 */
export function makeFolder(path: string): void {
  if (path === "") throw new RunError("The path of a folder must not be empty.");
  attempt("make the folder", path, () => make(path));
}

function make(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    const code = codeOf(error);
    if (code === "EEXIST" && isFolder(path)) return;
    const parent = dirname(path);
    if (code !== "ENOENT" || parent === path) throw error;
    if (isFolder(parent)) {
      throw isWorkingDirectoryDeleted() ? error : new Error("no folder can be made there");
    }
    make(parent);
    mkdirSync(path);
  }
}

const isFolder = (path: string) =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

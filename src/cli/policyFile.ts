import { readFileSync } from "node:fs";
import { RunError } from "../errors.ts";

/** The bytes of a policy file. @throws RunError if it cannot be read */
export function readPolicyFile(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    throw new RunError(
      missing ? `There is no policy file ${path}.` : `The policy file ${path} cannot be read.`,
    );
  }
}

import { readBytes } from "../files/readFile.ts";

/** Reads a policy file. @throws RunError if it cannot be read */
export function readPolicyFile(path: string): Uint8Array {
  return readBytes(path, { what: "policy file", most: 2 ** 32 });
}

import { RunError, shortened } from "../errors.ts";
import { checksumKey } from "./safetensors.ts";

/** Version of the policies and checkpoints that are written. From version 2 on they have a checksum. */
export const FILE_VERSION = "2";

/**
 * Validates the kind and version of a file. Policies of version 1, which other programs write, need no checksum.
 * @throws RunError if the file is not a `kind`, has an unknown version, or lacks the checksum
 */
export function refuseOtherVersions(
  metadata: Readonly<Record<string, string>>,
  kind: "policy" | "checkpoint",
  name: string,
): void {
  const version = metadata[`wasm_dqn_${kind}`];
  if (version === undefined) throw new RunError(`${name} is not a ${kind} of wasm-dqn.`);
  if (version === "1" && kind === "policy") return;
  if (version !== FILE_VERSION) {
    throw new RunError(`${name} has version ${shortened(version)}, expected ${FILE_VERSION}.`);
  }
  if (metadata[checksumKey] === undefined) {
    throw new RunError(`${name} is damaged: it has no ${checksumKey}.`);
  }
}

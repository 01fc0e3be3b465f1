import { RunError, shortened } from "../errors.ts";
import { checksumKey } from "./safetensors.ts";

/** The version of the policies and checkpoints that are written; from this one on they have a checksum. */
export const FILE_VERSION = "2";

/**
 * Looks at the version of a policy or checkpoint. A policy of version 1 is one without a checksum, as other programs write it.
 * @throws RunError unless the file is one, of a version that can be read, and with the checksum that its version has
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
    throw new RunError(
      `${name} is a ${kind} of version ${shortened(version)}, expected ${FILE_VERSION}.`,
    );
  }
  if (metadata[checksumKey] === undefined) {
    throw new RunError(`${name} is damaged: it has no checksum, ${checksumKey}.`);
  }
}

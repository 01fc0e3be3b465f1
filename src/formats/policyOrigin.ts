import { type Config, defaults, parseConfig } from "../config/config.ts";
import { RunError, shortened } from "../errors.ts";
import { blameFile, parseJson, validateValues } from "./fileValues.ts";
import { readNetwork } from "./policyNetwork.ts";

/** The run and the moment at which a policy was saved: enough to train its weights again. */
export interface PolicyOrigin {
  readonly config: Config;
  /** Environment steps and updates of the run when the policy was saved. */
  readonly steps: number;
  readonly updates: number;
}

const count = { kind: "number", whole: true, min: 0, max: Number.MAX_SAFE_INTEGER } as const;

/**
 * Reads the origin of a policy file.
 * @param name name of the file in messages
 * @throws RunError if the file is damaged, lacks its origin, or training again cannot give the same weights
 */
export function readOrigin(bytes: Uint8Array, name: string): PolicyOrigin {
  const { metadata } = readNetwork(bytes, name);
  const { changed = "", depends_on: dependsOn = "" } = metadata;
  const refuse = (reason: string) => {
    throw new RunError(`${name} cannot be verified: ${reason}.`);
  };
  if (metadata.config === undefined) refuse("it does not contain its configuration");
  if (changed !== "") refuse(`${shortened(changed)} changed while it was trained`);
  if (dependsOn !== "") refuse(`its weights also depend on ${shortened(dependsOn)}`);
  const counts = { steps: Number(metadata.steps), updates: Number(metadata.updates) };
  validateValues({ steps: count, updates: count }, counts, name);
  const stored = parseJson(metadata.config);
  const isObject = typeof stored === "object" && stored !== null && !Array.isArray(stored);
  // The default of a hyperparameter that is newer than the file leaves older runs as they are.
  const values = isObject ? { ...defaults, ...stored } : stored;
  const config = blameFile(name, () => parseConfig(values));
  if (config.backend === "wasm-fma") refuse("the bits of wasm-fma depend on the machine");
  return { config, ...counts };
}

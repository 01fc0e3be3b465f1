import { statSync } from "node:fs";
import { join } from "node:path";
import type { EnvironmentId } from "../environments/registry.ts";
import { attempt } from "../files/fileError.ts";
import { readBytes } from "../files/readFile.ts";
import { openPolicy, type Policy, readPolicy } from "../formats/policy.ts";
import { environmentOf, gameOf, warnIfChanged } from "./environmentFlag.ts";
import { fastestBackend } from "./fastestBackend.ts";

/** Help of the argument of commands that read a policy. */
export const policyArgument = [
  "<policy>",
  "policy file, such as best.safetensors of a run folder, or a run folder for its policy.safetensors",
] as const;

/** Path of the policy: `path` itself, or the policy.safetensors of the run folder `path`. */
export function policyPath(path: string): string {
  const found = attempt("read", path, () => statSync(path, { throwIfNoEntry: false }));
  return found?.isDirectory() ? join(path, "policy.safetensors") : path;
}

/** Reads a policy file. @throws RunError if it cannot be read */
export function readPolicyFile(path: string): Uint8Array {
  return readBytes(path, { what: "policy file", most: 2 ** 32 });
}

/**
 * Opens a policy in the environment of --env, by default the built-in one or the game of the policy. Warns if the module has changed since.
 * @param given a policy file or a run folder
 */
export async function openPolicyFile(
  given: string,
  env: string | undefined,
): Promise<{ path: string; policy: Policy }> {
  const path = policyPath(given);
  const bytes = readPolicyFile(path);
  const { environment } = readPolicy(bytes, path).description;
  const own = await (env === undefined ? gameOf(environment) : environmentOf(env));
  const chosen = own ?? (env as EnvironmentId | undefined);
  const backend = fastestBackend();
  const options = chosen === undefined ? { backend } : { backend, env: chosen };
  const policy = openPolicy(bytes, path, options);
  warnIfChanged(path, environment, own);
  return { path, policy };
}

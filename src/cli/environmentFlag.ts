import { isModulePath, loadEnvironment } from "../environments/environmentModule.ts";
import type { EnvironmentIdentity, EnvironmentSpec } from "../environments/environmentSpec.ts";
import { setExitContext } from "./exitContext.ts";

/** Help of --env in the commands that play a saved policy. */
export const policyEnvironmentHelp =
  "path of your environment's module, or a built-in id (default: the built-in one of the policy)";

/** Loads the environment if `env` is the path of a module; returns undefined if it is an id. */
export async function environmentOf(env: string): Promise<EnvironmentSpec | undefined> {
  if (!isModulePath(env)) return undefined;
  setExitContext(() => ` while its module ${env} was loading`);
  const environment = await loadEnvironment(env);
  setExitContext(() => "");
  return environment;
}

/** Prints a warning if the environment's module is not the one that a file was made with. */
export function warnIfChanged(
  file: string,
  before: EnvironmentIdentity,
  now: EnvironmentIdentity | undefined,
): void {
  const same = before.hash === now?.hash;
  if (same || before.hash === undefined || now?.hash === undefined) return;
  console.error(
    `The module of ${now.id} has changed since ${file} was written, so results may differ.`,
  );
}

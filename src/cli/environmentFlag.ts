import { isModulePath, loadEnvironment } from "../environments/environmentModule.ts";
import type { EnvironmentIdentity, EnvironmentSpec } from "../environments/environmentSpec.ts";
import { environmentIds, isBuiltIn } from "../environments/registry.ts";
import { show, UsageError } from "../errors.ts";
import { setExitContext } from "./exitContext.ts";

/** Help of --env in the commands that play a saved policy. */
export const policyEnvironmentHelp =
  "path of your environment's module, or the id of a built-in one or a game (default: that of the policy)";

/**
 * Returns the environment of a module or game; undefined for the id of a built-in environment.
 * @throws UsageError for an unknown id, RunError for a module that cannot be loaded
 */
export async function environmentOf(env: string): Promise<EnvironmentSpec | undefined> {
  if (isBuiltIn(env)) return undefined;
  if (!isModulePath(env)) {
    // Loaded only if needed, so that a training run of a built-in environment starts faster.
    const { findGame, gameIds } = await import("../games/builtInGames.ts");
    const game = findGame(env);
    if (game !== undefined) return game;
    const ids = [...environmentIds, ...gameIds].join(", ");
    throw new UsageError(
      `env must be one of ${ids}, or with --env the path of a module, got ${show(env)}.`,
    );
  }
  setExitContext(() => ` while its module ${env} was loading`);
  const environment = await loadEnvironment(env);
  setExitContext(() => "");
  return environment;
}

/**
 * Returns the game that a file was made in; undefined for other environments. A file with a hash was made in a module, which may be
 * another game of the same name.
 */
export async function gameOf({
  hash,
  id,
}: EnvironmentIdentity): Promise<EnvironmentSpec | undefined> {
  if (isBuiltIn(id) || hash !== undefined) return undefined;
  return (await import("../games/builtInGames.ts")).findGame(id);
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

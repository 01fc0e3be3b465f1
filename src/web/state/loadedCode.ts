import type { EnvironmentSpec } from "../../environments/environmentSpec.ts";
import { isBuiltIn } from "../../environments/registry.ts";
import { supportsWasm } from "../../kernels/core.ts";

let findGame: (id: string) => EnvironmentSpec | undefined = () => undefined;

/**
 * Loads code for playing in `env` on this thread: the games, and the JavaScript kernels for a browser without WebAssembly SIMD. Most
 * visits do not need it.
 */
export async function loadCode(env: string): Promise<void> {
  if (!supportsWasm()) await import("../../kernels/registerJsKernels.ts");
  if (!isBuiltIn(env)) ({ findGame } = await import("../../games/builtInGames.ts"));
}

/** Describes a game whose code is loaded; undefined if there is none with this id. */
export function loadedGame(id: string): EnvironmentSpec | undefined {
  return findGame(id);
}

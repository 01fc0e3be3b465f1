import type { EnvironmentSpec } from "../../environments/environmentSpec.ts";
import { isBuiltIn } from "../../environments/registry.ts";
import { supportsWasm } from "../../kernels/core.ts";

let findGame: (id: string) => EnvironmentSpec | undefined = () => undefined;

/**
 * Loads what playing in `env` on this thread needs and most visits do not: the games, and the JavaScript kernels if the browser has no
 * WebAssembly SIMD.
 */
export async function loadCode(env: string): Promise<void> {
  if (!supportsWasm()) await import("../../kernels/registerJsKernels.ts");
  if (!isBuiltIn(env)) ({ findGame } = await import("../../games/builtInGames.ts"));
}

/** Describes a game whose code is loaded; undefined if there is none with this id. */
export function loadedGame(id: string): EnvironmentSpec | undefined {
  return findGame(id);
}

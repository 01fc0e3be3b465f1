import type { EnvironmentSpec } from "../../environments/environmentSpec.ts";
import { type Games, gameAmong, plainGames } from "../../games/plainGames.ts";
import { isMinAtar } from "../tabs.ts";

let games: Games = plainGames;

/** Loads the code of MinAtar's games if `env` is one of them. A page that shows none of them does not load it. */
export async function loadGame(env: string): Promise<void> {
  if (!isMinAtar(env)) return;
  const { minAtarGames } = await import("../../games/minatar/minAtarGames.ts");
  games = { ...plainGames, ...minAtarGames };
}

/** Describes a game whose code is loaded; undefined if there is none with this id. */
export function loadedGame(id: string): EnvironmentSpec | undefined {
  return gameAmong(games, id);
}

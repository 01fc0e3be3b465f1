import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { minAtarGames } from "./minatar/minAtarGames.ts";
import { type Games, gameAmong, plainGames } from "./plainGames.ts";

/** The games by their ids on the command line. They are not in the registry, so that the browser file stays small. */
const games: Games = { ...plainGames, ...minAtarGames };

export const gameIds: readonly string[] = Object.keys(games);

/** Describes the game with this id; undefined for an unknown id. Its identity has no hash. */
export function findGame(id: string): EnvironmentSpec | undefined {
  return gameAmong(games, id);
}

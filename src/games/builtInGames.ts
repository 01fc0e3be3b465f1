import { customEnvironment, type EnvironmentFactory } from "../environments/customEnvironment.ts";
import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { CliffWalking } from "./cliffWalking.ts";
import { ConnectFour } from "./connectFour.ts";
import { FrozenLake } from "./frozenLake.ts";
import { Game2048 } from "./game2048.ts";
import { minAtarGames } from "./minatar/minAtarGames.ts";
import { Snake } from "./snake.ts";

/** The games by their ids on the command line. They are not in the registry, so that the browser file stays small. */
const games: Readonly<Record<string, EnvironmentFactory>> = {
  Snake,
  Game2048,
  ConnectFour,
  FrozenLake,
  CliffWalking,
  ...minAtarGames,
};

export const gameIds: readonly string[] = Object.keys(games);

/** Describes the game with this id; undefined for an unknown id. Its identity has no hash. */
export function findGame(id: string): EnvironmentSpec | undefined {
  return Object.hasOwn(games, id) ? customEnvironment(id, games[id]!) : undefined;
}

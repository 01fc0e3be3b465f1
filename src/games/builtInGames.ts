import { customEnvironment, type EnvironmentFactory } from "../environments/customEnvironment.ts";
import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { CliffWalking } from "./cliffWalking.ts";
import { ConnectFour } from "./connectFour.ts";
import { FrozenLake } from "./frozenLake.ts";
import { Game2048 } from "./game2048.ts";
import { Asterix } from "./minatar/asterix.ts";
import { Breakout } from "./minatar/breakout.ts";
import { Freeway } from "./minatar/freeway.ts";
import { Seaquest } from "./minatar/seaquest.ts";
import { SpaceInvaders } from "./minatar/spaceInvaders.ts";
import { Snake } from "./snake.ts";

const minAtarGames = { Asterix, Breakout, Freeway, Seaquest, SpaceInvaders };

/** MinAtar's games by Gymnasium's ids: `-v0` has six actions, `-v1` only those that have an effect. */
const minAtar = Object.entries(minAtarGames).flatMap(([name, Game]) => [
  [`MinAtar/${name}-v0`, () => new Game()] as const,
  [`MinAtar/${name}-v1`, () => new Game({ minimalActions: true })] as const,
]);

/** The games by their ids on the command line. They are not in the registry, so that the browser file stays small. */
const games: Readonly<Record<string, EnvironmentFactory>> = {
  Snake,
  Game2048,
  ConnectFour,
  FrozenLake,
  CliffWalking,
  ...Object.fromEntries(minAtar),
};

export const gameIds: readonly string[] = Object.keys(games);

/** Describes the game with this id; undefined for an unknown id. Its identity has no hash. */
export function findGame(id: string): EnvironmentSpec | undefined {
  return Object.hasOwn(games, id) ? customEnvironment(id, games[id]!) : undefined;
}

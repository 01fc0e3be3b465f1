import { customEnvironment, type EnvironmentFactory } from "../environments/customEnvironment.ts";
import type { EnvironmentSpec } from "../environments/environmentSpec.ts";
import { CliffWalking } from "./cliffWalking.ts";
import { ConnectFour } from "./connectFour.ts";
import { FrozenLake } from "./frozenLake.ts";
import { Game2048 } from "./game2048.ts";
import { Snake } from "./snake.ts";

/** Games by their ids. */
export type Games = Readonly<Record<string, EnvironmentFactory>>;

/** The games other than MinAtar's. */
export const plainGames: Games = {
  Snake,
  Game2048,
  ConnectFour,
  FrozenLake,
  "FrozenLake8x8-v1": () => new FrozenLake({ map: "8x8" }),
  CliffWalking,
  "CliffWalkingSlippery-v1": () => new CliffWalking({ slippery: true }),
};

/** Describes the game of `games` with this id; undefined for an unknown id. Its identity has no hash. */
export function gameAmong(games: Games, id: string): EnvironmentSpec | undefined {
  return Object.hasOwn(games, id) ? customEnvironment(id, games[id]!) : undefined;
}

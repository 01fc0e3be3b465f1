export { RandomStream } from "../numerics/random.ts";
export { CliffWalking, type CliffWalkingOptions } from "./cliffWalking.ts";
export { ConnectFour } from "./connectFour.ts";
export {
  type ConnectFourPlayer,
  playMatch,
  randomPlayer,
  searchPlayer,
} from "./connectFourSearch.ts";
export { FrozenLake, type FrozenLakeOptions } from "./frozenLake.ts";
export { Game2048 } from "./game2048.ts";
export { Asterix } from "./minatar/asterix.ts";
export { Breakout } from "./minatar/breakout.ts";
export { Freeway } from "./minatar/freeway.ts";
export type { MinAtarOptions } from "./minatar/minAtarGame.ts";
export { Seaquest } from "./minatar/seaquest.ts";
export { SpaceInvaders } from "./minatar/spaceInvaders.ts";
export { Snake } from "./snake.ts";

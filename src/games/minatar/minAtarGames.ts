import type { EnvironmentFactory } from "../../environments/customEnvironment.ts";
import { Asterix } from "./asterix.ts";
import { Breakout } from "./breakout.ts";
import { Freeway } from "./freeway.ts";
import { Seaquest } from "./seaquest.ts";
import { SpaceInvaders } from "./spaceInvaders.ts";

const classes = { Asterix, Breakout, Freeway, Seaquest, SpaceInvaders };

/** MinAtar's games by Gymnasium's ids: `-v0` has six actions, `-v1` only those that have an effect. */
export const minAtarGames: Readonly<Record<string, EnvironmentFactory>> = Object.fromEntries(
  Object.entries(classes).flatMap(([name, Game]) => [
    [`MinAtar/${name}-v0`, () => new Game()] as const,
    [`MinAtar/${name}-v1`, () => new Game({ minimalActions: true })] as const,
  ]),
);

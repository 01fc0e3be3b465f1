// MinAtar's games against trajectories of MinAtar itself, with the random numbers that it drew.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Asterix } from "../../../src/games/minatar/asterix.ts";
import { Breakout } from "../../../src/games/minatar/breakout.ts";
import { Freeway } from "../../../src/games/minatar/freeway.ts";
import type { MinAtarOptions } from "../../../src/games/minatar/minAtarGame.ts";
import { Seaquest } from "../../../src/games/minatar/seaquest.ts";
import { SpaceInvaders } from "../../../src/games/minatar/spaceInvaders.ts";
import { Tape } from "./tape.ts";

interface Golden {
  readonly shape: readonly number[];
  readonly minimalActions: readonly number[];
  readonly runs: readonly {
    readonly sticky: number;
    /** Random draws of the reset. */
    readonly reset: readonly number[];
    readonly first: string;
    readonly steps: readonly (readonly [
      action: number,
      draws: readonly number[],
      observation: string,
      reward: number,
      terminated: boolean,
    ])[];
  }[];
}

const golden = (name: string) =>
  JSON.parse(
    readFileSync(new URL(`../../golden/minatar/${name}.json`, import.meta.url), "utf8"),
  ) as Golden;

/** Packs numbers of 0 and 1 like numpy.packbits: the first is the highest bit of the first byte. */
function packed(bits: ArrayLike<number>): string {
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  for (let k = 0; k < bits.length; k++) bytes[k >> 3]! |= bits[k]! << (7 - (k & 7));
  return Buffer.from(bytes).toString("base64");
}

describe.each([
  ["asterix", Asterix, 0],
  ["breakout", Breakout, 0],
  ["freeway", Freeway, 1],
  ["seaquest", Seaquest, 1],
  ["space_invaders", SpaceInvaders, 0],
] as const)("%s", (name, Game, lowest) => {
  const { minimalActions, runs, shape } = golden(name);
  const make = (options: MinAtarOptions) => {
    const tape = new Tape(lowest);
    return { game: tape.insertInto(new Game(options)), tape };
  };

  it("has the shape and the minimal actions of MinAtar", () => {
    expect(new Game().observationShape).toEqual(shape);
    expect(new Game().actionCount).toBe(6);
    const all = new Game().actionNames;
    const names = minimalActions.map((action) => all[action]);
    expect(new Game({ minimalActions: true }).actionNames).toEqual(names);
  });

  it.each(runs.map((run, k) => [k, run] as const))("equals run %i of MinAtar", (_, run) => {
    const { game, tape } = make({ stickyProbability: run.sticky });
    tape.load(run.reset);
    expect(packed(game.reset())).toBe(run.first);
    expect(tape.left).toBe(0);
    for (const [k, [action, draws, observation, reward, terminated]] of run.steps.entries()) {
      tape.load(draws);
      const result = game.step(action);
      const seen = [packed(result.observation), result.reward, result.terminated, tape.left];
      expect(seen, `step ${k + 1}`).toEqual([observation, reward, terminated, 0]);
    }
  });

  it("plays the minimal actions like those of all six", () => {
    const run = runs.at(-1)!;
    const { game, tape } = make({ minimalActions: true, stickyProbability: run.sticky });
    tape.load(run.reset);
    game.reset();
    for (const [action, draws, observation] of run.steps) {
      // An action without an effect equals 0.
      tape.load(draws);
      const { observation: seen } = game.step(Math.max(0, minimalActions.indexOf(action)));
      expect(packed(seen)).toBe(observation);
    }
  });
});

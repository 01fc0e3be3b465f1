// Rules that the recorded trajectories do not reach.
import { describe, expect, it } from "vitest";
import {
  MOVE_STEP,
  ObjectList,
  placeAt,
  RIGHTWARD,
  SHOT_STEP,
} from "../../../src/games/minatar/objectList.ts";
import {
  ALL_FISH,
  AT_SURFACE,
  BULLETS,
  DIVERS,
  DIVERS_ABOARD,
  ENEMY_BULLETS,
  ENEMY_MOVE,
  OXYGEN,
  PLAYER_X,
  PLAYER_Y,
  Seaquest,
  SPAWN_PERIOD,
  SUBMARINES,
} from "../../../src/games/minatar/seaquest.ts";
import { HandBuilt, type Numbers } from "./handBuilt.ts";

const UP = 2;
const RIGHT = 3;

interface Timers {
  /** 1 right, -1 left. */
  readonly way: 1 | -1;
  readonly move?: number;
  readonly shot?: number;
}

const object = (x: number, y: number, { move = 0, shot = 0, way }: Timers) =>
  placeAt(x, y) + (way === 1 ? RIGHTWARD : 0) + move * MOVE_STEP + shot * SHOT_STEP;

const list = (start: number, ...objects: readonly number[]): Numbers =>
  Object.fromEntries([objects.length, ...objects].map((number, k) => [start + k, number]));

/** A player below the surface at (5, 4). */
const below = { [PLAYER_X]: 5, [PLAYER_Y]: 4, [AT_SURFACE]: 0 };
const seaquest = (numbers: Numbers, ramping = true) =>
  new HandBuilt(Seaquest, { lowest: 1, ramping }).set(numbers);

describe("surfacing", () => {
  const rising = (aboard: number, numbers: Numbers = {}, ramping = true) =>
    seaquest(
      { ...below, [PLAYER_Y]: 1, [OXYGEN]: 159, [DIVERS_ABOARD]: aboard, ...numbers },
      ramping,
    );

  it.each([
    ["with 6 divers pays for the oxygen and leaves -1", 6, 7, -1],
    ["with 1 diver leaves 0", 1, 0, 0],
    ["with -1 divers leaves -2", -1, 0, -2],
  ])("%s", (_, aboard, reward, left) => {
    const game = rising(aboard);
    expect(game.step(UP)).toEqual({ reward, terminated: false });
    expect([game.get(DIVERS_ABOARD), game.get(OXYGEN)]).toEqual([left, 200]);
    expect(game.get(AT_SURFACE)).toBe(1);
  });

  it("without divers ends the episode", () => {
    const game = rising(0);
    expect(game.step(UP)).toEqual({ reward: 0, terminated: true });
    expect([game.get(AT_SURFACE), game.get(OXYGEN)]).toEqual([0, 159]);
  });

  it("without oxygen ends the episode, but still has its effect", () => {
    const game = rising(1, { [OXYGEN]: 0 });
    expect(game.step(UP).terminated).toBe(true);
    expect(game.get(OXYGEN)).toBe(200);
  });

  it("draws no gauge for negative divers", () => {
    const game = rising(-1);
    game.step(UP);
    expect(game.cells(8)).toEqual([]);
    expect(rising(6).cells(8)).toEqual(["3,9", "4,9", "5,9", "6,9", "7,9", "8,9"]);
  });

  it("makes the game harder: spawns each time, moves every second time", () => {
    const game = rising(1);
    const seen = Array.from({ length: 21 }, () => {
      game.set({ [DIVERS_ABOARD]: 1, [PLAYER_Y]: 1, [AT_SURFACE]: 0 });
      game.set({ [SPAWN_PERIOD + 1]: 9, [SPAWN_PERIOD + 2]: 9 });
      game.step(UP);
      return [game.game.level, game.get(SPAWN_PERIOD), game.get(ENEMY_MOVE)];
    });
    const expected = Array.from({ length: 21 }, (_, k) => {
      const level = Math.min(19, k + 1);
      return [level, 20 - level, Math.max(2, 5 - Math.floor(level / 2))];
    });
    expect(seen).toEqual(expected);
  });

  it("makes the game no harder without ramping", () => {
    const game = rising(1, {}, false);
    game.step(UP);
    expect([game.game.level, game.get(SPAWN_PERIOD)]).toEqual([0, 20]);
  });
});

it("takes no more than six divers aboard", () => {
  const diver = list(DIVERS, object(5, 4, { move: 3, way: 1 }));
  const full = seaquest({ ...below, ...diver, [DIVERS_ABOARD]: 6 });
  full.step(0);
  expect([full.get(DIVERS_ABOARD), full.cells(9)]).toEqual([6, ["5,4"]]);
  const free = seaquest({ ...below, ...diver, [DIVERS_ABOARD]: 5 });
  free.step(0);
  expect([free.get(DIVERS_ABOARD), free.cells(9)]).toEqual([6, []]);
});

it("takes a diver aboard that moves into the player's cell", () => {
  const game = seaquest({ ...below, ...list(DIVERS, object(6, 4, { way: -1 })) });
  game.step(0);
  expect([game.get(DIVERS_ABOARD), game.cells(9)]).toEqual([1, []]);
});

describe("a submarine", () => {
  it.each([
    ["in the player's cell", object(5, 4, { move: 3, shot: 5, way: 1 })],
    ["that moves into the player's cell", object(4, 4, { shot: 5, way: 1 })],
  ])("%s ends the episode and stays", (_, submarine) => {
    const game = seaquest({ ...below, ...list(SUBMARINES, submarine) });
    expect(game.step(0)).toEqual({ reward: 0, terminated: true });
    expect(game.cells(6)).toEqual(["5,4"]);
  });

  /** It meets the bullet at (2, 6), but each is beside that cell before. */
  const meeting = (shot: number) => ({
    ...below,
    ...list(BULLETS, object(1, 6, { way: 1 })),
    ...list(SUBMARINES, object(3, 6, { shot, way: -1 })),
  });

  it("that moves into a bullet is hit", () => {
    const game = seaquest(meeting(5));
    expect(game.step(0).reward).toBe(1);
    expect([game.cells(2), game.cells(4), game.cells(6)]).toEqual([[], [], []]);
  });

  it("still shoots in the step in which it is hit", () => {
    const game = seaquest(meeting(0));
    expect(game.step(0).reward).toBe(1);
    expect([game.cells(4), game.cells(6)]).toEqual([["1,6"], []]);
  });

  it("that leaves the board shoots outside of it", () => {
    const game = seaquest({ ...below, ...list(SUBMARINES, object(0, 6, { way: -1 })) });
    game.step(0);
    expect([game.cells(4), game.cells(6)]).toEqual([[], []]);
    expect(game.get(ENEMY_BULLETS)).toBe(0);
  });

  it("removed before another does not stop the other", () => {
    const staying = object(7, 2, { move: 2, shot: 5, way: 1 });
    const leaving = object(9, 6, { shot: 5, way: 1 });
    const game = seaquest({ ...below, ...list(SUBMARINES, leaving, staying) });
    game.step(0);
    const left = object(7, 2, { move: 1, shot: 4, way: 1 });
    expect([game.get(SUBMARINES), game.get(SUBMARINES + 1)]).toEqual([1, left]);
  });
});

it("an enemy bullet in the cell that the player enters ends the episode", () => {
  const bullet = list(ENEMY_BULLETS, object(6, 4, { way: 1 }));
  const game = seaquest({ ...below, ...bullet });
  expect(game.step(RIGHT).terminated).toBe(true);
  expect(game.cells(4)).toEqual(["7,4"]);
});

it("of two equal bullets, the hit removes one and the other moves once", () => {
  const bullets = list(BULLETS, object(4, 6, { way: 1 }), object(3, 6, { way: 1 }));
  const fish = list(ALL_FISH, object(4, 6, { move: 4, way: -1 }));
  const game = seaquest({ ...below, ...bullets, ...fish });
  expect(game.step(0).reward).toBe(1);
  expect([game.cells(2), game.cells(5)]).toEqual([["5,6"], []]);
});

describe("a list of objects", () => {
  const make = (...objects: readonly number[]) => {
    const array = new Int32Array(10);
    const made = new ObjectList(array, 2);
    for (const one of objects) made.append(one);
    return { array, made };
  };

  it("removes an object and keeps the order", () => {
    const { array, made } = make(7, 8, 9);
    expect(made.remove(1)).toBe(-1);
    expect(Array.from(array.subarray(2, 5))).toEqual([2, 7, 9]);
  });

  it("of equal objects removes the first, and says where the given one is then", () => {
    const { array, made } = make(5, 7, 8, 7);
    expect(made.remove(3)).toBe(2);
    expect(Array.from(array.subarray(2, 6))).toEqual([3, 5, 8, 7]);
  });
});

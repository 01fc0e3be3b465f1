// Rules that the recorded trajectories do not reach.
import { describe, expect, it } from "vitest";
import {
  ALIEN_SHOT_TIMER,
  ALIENS,
  DIRECTION,
  INTERVAL,
  MOVE_TIMER,
  SHOTS,
  SpaceInvaders,
} from "../../../src/games/minatar/spaceInvaders.ts";
import { HandBuilt, type Numbers } from "./handBuilt.ts";

const LEFTWARD = { [DIRECTION]: -1 };
const RIGHTWARD = { [DIRECTION]: 1 };

/** A board with these cells: a number per row, with a bit per column. */
function board(start: number, ...cells: readonly (readonly [x: number, y: number])[]): Numbers {
  const rows = Array.from({ length: 10 }, () => 0);
  for (const [x, y] of cells) rows[y]! |= 1 << x;
  return Object.fromEntries(rows.map((row, y) => [start + y, row]));
}

/** The cannon is in column 5. */
const invaders = (numbers: Numbers, ramping = true) =>
  new HandBuilt(SpaceInvaders, { ramping }).set(numbers);

describe("a new wave", () => {
  const last = { ...board(ALIENS, [2, 3]), ...board(SHOTS, [2, 4]) };

  it.each([
    [12, true, 11, 1],
    [7, true, 6, 1],
    [6, true, 6, 0],
    [12, false, 12, 0],
  ])("after interval %i with ramping %s has interval %i", (before, ramping, after, level) => {
    const game = invaders({ ...last, [INTERVAL]: before, ...RIGHTWARD }, ramping);
    expect(game.step(0)).toEqual({ reward: 1, terminated: false });
    expect([game.get(INTERVAL), game.game.level]).toEqual([after, level]);
    expect(game.cells(1)).toHaveLength(24);
    expect(game.cells(3)).toEqual(game.cells(1));
    expect(game.cells(4)).toEqual([]);
  });
});

describe("ends the episode", () => {
  it.each([
    ["if an alien is on the cannon before its move", board(ALIENS, [5, 9]), 5, ["5,9"]],
    ["if an alien turns in row 9", { ...board(ALIENS, [0, 9]), ...LEFTWARD }, 0, ["0,0"]],
    ["if an alien moves onto the cannon", { ...board(ALIENS, [4, 9]), ...RIGHTWARD }, 0, ["5,9"]],
    [
      "if an alien moves down onto the cannon",
      { ...board(ALIENS, [9, 2], [5, 8]), ...RIGHTWARD },
      0,
      ["9,3", "5,9"],
    ],
  ])("%s", (_, numbers, timer, aliens) => {
    const game = invaders({ ...numbers, [MOVE_TIMER]: timer });
    expect(game.step(0)).toEqual({ reward: 0, terminated: true });
    expect(game.cells(1)).toEqual(aliens);
  });

  it("but not if an alien in row 9 is beside the cannon", () => {
    const beside = { ...board(ALIENS, [3, 9]), ...LEFTWARD, [MOVE_TIMER]: 0 };
    expect(invaders(beside).step(0).terminated).toBe(false);
  });
});

it.each([
  [[3, 7], "3,4"],
  [[2, 7], "7,4"],
  [[5, 4], "5,4"],
])("of the columns %j, the alien of %s shoots", ([first = 0, second = 0], bullet) => {
  const columns = board(ALIENS, [first, 1], [first, 4], [second, 0], [second, 4]);
  const game = invaders({ ...columns, [ALIEN_SHOT_TIMER]: 0 });
  game.step(0);
  expect(game.cells(5)).toEqual([bullet]);
});

it("counts two hits in one step, also in one row", () => {
  const aliens = board(ALIENS, [4, 3], [6, 2], [7, 2], [0, 0]);
  const game = invaders({ ...aliens, ...board(SHOTS, [4, 4], [6, 3], [7, 3]) });
  expect(game.step(0).reward).toBe(3);
  expect(game.cells(1)).toEqual(["0,0"]);
});

it("the last alien moves in every step", () => {
  const game = invaders({ ...board(ALIENS, [8, 0]), ...LEFTWARD, [MOVE_TIMER]: 0 });
  const seen = [0, 0, 0].map((action) => {
    game.step(action);
    return game.cells(1)[0];
  });
  expect(seen).toEqual(["7,0", "6,0", "5,0"]);
});

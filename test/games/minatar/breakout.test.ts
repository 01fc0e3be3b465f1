// Rules that the recorded trajectories do not reach.
import { expect, it } from "vitest";
import {
  BALL_X,
  BALL_Y,
  BRICKS,
  Breakout,
  DX,
  DY,
  PADDLE,
  PASSING,
} from "../../../src/games/minatar/breakout.ts";
import { HandBuilt, type Numbers } from "./handBuilt.ts";

const WALL = 2 ** 30 - 1;
const brick = (x: number, y: number) => 1 << (10 * (y - 1) + x);

const breakout = (numbers: Numbers) => new HandBuilt(Breakout, { draws: [0] }).set(numbers);

it("the ball bounces off the ceiling", () => {
  const game = breakout({ [BALL_X]: 5, [BALL_Y]: 0, [DX]: 1, [DY]: -1, [PASSING]: 1 });
  game.step(0);
  expect(game.cells(1)).toEqual(["6,0"]);
  expect([game.get(DY), game.get(PASSING)]).toEqual([1, 0]);
});

it("after a brick, the ball passes through bricks until a cell is free", () => {
  const game = breakout({ [BALL_X]: 5, [BALL_Y]: 4, [DX]: 1, [DY]: -1, [PASSING]: 1 });
  const seen = [0, 0, 0, 0].map((action) => {
    const { reward } = game.step(action);
    return [...game.cells(1), reward, game.get(PASSING)];
  });
  expect(seen).toEqual([
    ["6,3", 0, 1],
    ["7,2", 0, 1],
    ["8,1", 0, 1],
    ["9,0", 0, 0],
  ]);
  expect(game.get(BRICKS)).toBe(WALL);
});

it("breaks a brick and returns, and keeps the column of the brick", () => {
  const bricks = brick(6, 3) | brick(0, 1);
  const game = breakout({ [BALL_X]: 5, [BALL_Y]: 4, [DX]: 1, [DY]: -1, [BRICKS]: bricks });
  expect(game.step(0).reward).toBe(1);
  expect([game.cells(1), game.cells(3)]).toEqual([["6,4"], ["0,1"]]);
  expect([game.get(DX), game.get(DY), game.get(PASSING)]).toEqual([1, 1, 1]);
});

it.each([
  ["is hit in the column where the ball was", 5, "6,8", false],
  ["is hit in the column that the ball reaches", 6, "6,8", false],
  ["is missed", 2, "6,9", true],
])("the wall returns when the last brick is gone and the paddle %s", (_, paddle, ball, end) => {
  const down = { [BALL_X]: 5, [BALL_Y]: 8, [DX]: 1, [DY]: 1 };
  const game = breakout({ ...down, [BRICKS]: 0, [PADDLE]: paddle });
  expect(game.step(0)).toEqual({ reward: 0, terminated: end });
  expect(game.get(BRICKS)).toBe(WALL);
  expect(game.cells(1)).toEqual([ball]);
  expect(game.get(DX)).toBe(paddle === 6 ? -1 : 1);
});

it("stays empty until the ball comes down", () => {
  const game = breakout({ [BALL_X]: 5, [BALL_Y]: 7, [DY]: 1, [BRICKS]: 0 });
  game.step(0);
  expect(game.cells(3)).toEqual([]);
});

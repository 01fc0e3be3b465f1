import { describe, expect, it } from "vitest";
import { ConnectFour } from "../../src/games/index.ts";
import { placeBoard } from "../../src/web/stage/boardPainter.ts";
import { columnAt } from "../../src/web/stage/paintStage.ts";

describe("the board of Connect Four", () => {
  const game = new ConnectFour();
  game.reset({ seed: 1 });
  const board = game.render();

  it("has six rows of discs and one of numbers, and no text", () => {
    const { columns, rows } = placeBoard(board, 700, 350);
    expect(columns).toBe(7);
    expect(rows).toHaveLength(7);
    expect(rows[6]).toEqual(["1", "2", "3", "4", "5", "6", "7"]);
  });

  it.each([
    [350, 270],
    [720, 290],
  ])("finds the column that was touched on a canvas of %d x %d", (width, height) => {
    // The caption takes 34 pixels, and 8 stay free below.
    const { left, size } = placeBoard(board, width, height - 42);
    for (let column = 0; column < 7; column++) {
      expect(columnAt(board, left + (column + 0.5) * size, width, height)).toBe(column);
    }
    expect(columnAt(board, left - 2, width, height)).toBeUndefined();
    expect(columnAt(board, left + 7 * size + 2, width, height)).toBeUndefined();
  });
});

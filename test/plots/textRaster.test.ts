import { expect, it } from "vitest";
import { rasterizeTexts } from "../../src/plots/textRaster.ts";

/** The dots of a raster of one text, as lines of "#" and ".". */
function dots(text: string): string[] {
  const { draw, height, width } = rasterizeTexts([text], 7);
  const grid = draw(0);
  return Array.from({ length: (height - 12) / 3 }, (_, y) =>
    Array.from({ length: (width - 12) / 3 }, (_, x) =>
      grid[(6 + 3 * y) * width + 6 + 3 * x] === 7 ? "#" : ".",
    ).join(""),
  );
}

it("draws characters with 3 x 5 dots, lower-case letters as capitals", () => {
  const letters = ["##....#.", "#.#...#.", "##...#..", "#.#.#...", "##..#...", "........"];
  expect(dots("B/")).toEqual(letters);
  expect(dots("b")).toEqual(dots("B"));
});

it("draws other characters as blocks", () => {
  expect(dots("\u2588")).toEqual(["###.", "###.", "###.", "###.", "###.", "...."]);
  expect(dots(" ")).toEqual(Array<string>(6).fill("...."));
});

it("gives all texts the size of the longest", () => {
  const { draw, height, width } = rasterizeTexts(["a", "abc\nd"], 1);
  expect([width, height]).toEqual([12 + 36, 12 + 36]);
  expect([draw(0).length, draw(1).length]).toEqual([48 * 48, 48 * 48]);
});

import { expect, it } from "vitest";
import { Breakout } from "../../src/games/minatar/breakout.ts";
import { paintStrokes, placeScene } from "../../src/web/stage/scenePainter.ts";

it("gives each stroke a length, without which a canvas draws no disc", () => {
  const lengths: number[] = [];
  let path: (readonly [number, number])[] = [];
  const add = (x: number, y: number) => path.push([x, y]);
  const context = {
    beginPath: () => {
      path = [];
    },
    moveTo: add,
    lineTo: add,
    stroke: () => lengths.push(new Set(path.map(String)).size),
  } as unknown as CanvasRenderingContext2D;
  const game = new Breakout();
  game.reset({ seed: 1 });
  const picture = game.render();
  const inks = { first: "", scenery: "", second: "" } as Parameters<typeof paintStrokes>[3];
  paintStrokes(context, placeScene(picture, 300, 300), picture.strokes, inks);
  expect(lengths).toHaveLength(picture.strokes.length);
  expect(Math.min(...lengths)).toBeGreaterThan(1);
});

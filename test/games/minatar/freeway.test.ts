// Rules that the recorded trajectories do not reach.
import { expect, it } from "vitest";
import { Freeway, ROW, TIME_LEFT } from "../../../src/games/minatar/freeway.ts";
import { HandBuilt } from "./handBuilt.ts";

const speeds = [5, 5, 5, 5, 5, 5, 5, 5];
const directions = [0.9, 0.9, 0.9, 0.9, 0.1, 0.1, 0.1, 0.1];

const freeway = () => new HandBuilt(Freeway, { draws: [...speeds, ...directions], lowest: 1 });

it("ends in step 2,501", () => {
  const game = freeway();
  for (let step = 1; step <= 2_501; step++) {
    expect(game.step(0).terminated).toBe(step === 2_501);
  }
});

it("pays for a crossing also in the last step", () => {
  const game = freeway().set({ [ROW]: 0, [TIME_LEFT]: 0 });
  const played = game.step(0, [...speeds, ...directions]);
  expect(played).toEqual({ reward: 1, terminated: true });
  expect(game.cells(0)).toEqual(["4,9"]);
});

it("a draw of exactly one half is a car to the left", () => {
  const halves = directions.map(() => 0.5);
  const game = new HandBuilt(Freeway, { draws: [...speeds, ...halves], lowest: 1 });
  expect(game.cells(6)).toEqual(speeds.map((_, car) => `1,${car + 1}`));
});

// Rules that the recorded trajectories do not reach.
import { expect, it } from "vitest";
import {
  Asterix,
  KIND,
  MOVE_PERIOD,
  MOVE_TIMER,
  RAMP_TIMER,
  SPAWN_PERIOD,
  SPAWN_TIMER,
  X,
} from "../../../src/games/minatar/asterix.ts";
import { HandBuilt, type Numbers } from "./handBuilt.ts";

/** Fills slots with gold in the right column. */
const gold = (...slots: readonly number[]): Numbers =>
  Object.fromEntries(
    slots.flatMap((slot) => [
      [KIND + slot, 1],
      [X + slot, 9],
    ]),
  );

it("draws the row also if only one is empty", () => {
  const asterix = new HandBuilt(Asterix).set({ [SPAWN_TIMER]: 0, ...gold(0, 1, 2, 4, 5, 6, 7) });
  asterix.step(0, [0.2, 0.9, 0]);
  expect(asterix.cells(1)).toEqual(["0,4"]);
  expect(asterix.cells(3)).toHaveLength(7);
});

it("spawns nothing and draws no row if none is empty", () => {
  const full = { [SPAWN_TIMER]: 0, ...gold(0, 1, 2, 3, 4, 5, 6, 7) };
  const asterix = new HandBuilt(Asterix).set(full);
  asterix.step(0, [0.2, 0.9]);
  expect(asterix.cells(1)).toEqual([]);
  expect(asterix.get(SPAWN_TIMER)).toBe(9);
});

it("becomes harder every 102 steps, until both periods are 1", () => {
  const asterix = new HandBuilt(Asterix);
  for (let step = 1; step <= 1_200; step++) {
    const isFull = Array.from({ length: 8 }, (_, k) => asterix.get(KIND + k)).every((k) => k > 0);
    const spawn = isFull ? [0.1, 0.1] : [0.1, 0.1, 0];
    asterix.step(0, asterix.get(SPAWN_TIMER) === 0 ? spawn : []);
    const level = Math.min(9, Math.floor(step / 102));
    const seen = [asterix.game.level, asterix.get(SPAWN_PERIOD), asterix.get(MOVE_PERIOD)];
    expect(seen, `step ${step}`).toEqual([level, 10 - level, 5 - Math.floor(level / 2)]);
  }
});

it("does not become harder without ramping", () => {
  const asterix = new HandBuilt(Asterix, { ramping: false }).set({ [RAMP_TIMER]: -1 });
  asterix.step(0);
  expect([asterix.game.level, asterix.get(RAMP_TIMER)]).toEqual([0, -1]);
});

it("an enemy that is touched stays and moves, and gold is taken once", () => {
  const at = { [X + 4]: 5, [MOVE_TIMER]: 0 };
  const enemy = new HandBuilt(Asterix).set({ ...at, [KIND + 4]: 2 });
  expect(enemy.step(0)).toEqual({ reward: 0, terminated: true });
  const taken = new HandBuilt(Asterix).set({ ...at, [KIND + 4]: 1 });
  expect(taken.step(0)).toEqual({ reward: 1, terminated: false });
  expect(taken.cells(3)).toEqual([]);
});

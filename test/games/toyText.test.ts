// FrozenLake and CliffWalking against transitions of Gymnasium, with the random numbers that it drew.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { StepResult } from "../../src/environments/environment.ts";
import { CliffWalking } from "../../src/games/cliffWalking.ts";
import { FrozenLake } from "../../src/games/frozenLake.ts";

interface Golden {
  readonly draws: readonly number[];
  readonly cases: Readonly<
    Record<
      string,
      {
        readonly first: number;
        readonly maxEpisodeSteps: number | null;
        readonly rewardThreshold: number | null;
        readonly episodes: readonly {
          readonly actions: readonly number[];
          readonly draws: readonly number[];
          readonly cells: readonly number[];
          readonly rewards: readonly number[];
          readonly terminated: boolean;
          readonly truncated: boolean;
        }[];
        /** Cell, action, then next cell, reward and terminated for each draw. */
        readonly table: readonly (readonly number[])[];
      }
    >
  >;
}

const golden = JSON.parse(
  readFileSync(new URL("../golden/toy_text.json", import.meta.url), "utf8"),
) as Golden;

const games = {
  "FrozenLake-v1 4x4 slippery": () => new FrozenLake(),
  "FrozenLake-v1 4x4": () => new FrozenLake({ slippery: false }),
  "FrozenLake8x8-v1 slippery": () => new FrozenLake({ map: "8x8" }),
  "FrozenLake8x8-v1": () => new FrozenLake({ map: "8x8", slippery: false }),
  "CliffWalking-v1": () => new CliffWalking(),
  "CliffWalkingSlippery-v1": () => new CliffWalking({ slippery: true }),
};

/** The only cell whose number is 1; the other numbers are 0. */
function cellOf(observation: ArrayLike<number>): number {
  const numbers = Array.from(observation);
  expect(numbers.filter((number) => number !== 0)).toEqual([1]);
  return numbers.indexOf(1);
}

const seen = ({ observation, reward, terminated }: StepResult) => [
  cellOf(observation),
  reward,
  Number(terminated),
];

const limitOf = (game: FrozenLake | CliffWalking) =>
  "maxEpisodeSteps" in game ? game.maxEpisodeSteps : Infinity;

/** Puts the walker on a cell: the row and the column are words 4 and 5 of the state. */
function place(game: FrozenLake | CliffWalking, cell: number): void {
  const state = game.getState();
  const words = new Uint32Array(state.buffer);
  const columns = game.observationShape[1]!;
  words[4] = Math.floor(cell / columns);
  words[5] = cell % columns;
  game.setState(state);
}

it("knows every case", () => {
  expect(Object.keys(golden.cases)).toEqual(Object.keys(games));
});

describe.each(Object.entries(games))("%s", (name, make) => {
  const { first, maxEpisodeSteps, rewardThreshold, episodes, table } = golden.cases[name]!;

  it("has Gymnasium's sizes, time limit and threshold", () => {
    const game = make();
    expect(cellOf(game.reset())).toBe(first);
    expect(limitOf(game)).toBe(maxEpisodeSteps ?? Infinity);
    expect("rewardThreshold" in game ? game.rewardThreshold : null).toBe(rewardThreshold);
    expect(game.observationShape[0]! * game.observationShape[1]!).toBe(game.observationSize);
    expect(game.actionNames).toHaveLength(game.actionCount);
  });

  it("has Gymnasium's transition for every cell, action and draw", () => {
    const game = make();
    for (const [cell, action, ...outcomes] of table) {
      for (let k = 0; k < outcomes.length / 3; k++) {
        place(game, cell!);
        const result = game.stepWith(action!, golden.draws[k]!);
        expect([cell, action, ...seen(result)]).toEqual([
          cell,
          action,
          ...outcomes.slice(3 * k, 3 * k + 3),
        ]);
      }
    }
  });

  it("plays Gymnasium's episodes", () => {
    const game = make();
    for (const { actions, draws, cells, rewards, terminated, truncated } of episodes) {
      game.reset();
      actions.forEach((action, k) => {
        const result = game.stepWith(action, draws[k]!);
        const last = k === actions.length - 1;
        expect(seen(result)).toEqual([cells[k], rewards[k], Number(last && terminated)]);
        // The library applies the time limit: the game itself never truncates.
        expect(result.truncated).toBe(false);
        expect(k + 1 >= limitOf(game)).toBe(last && truncated);
      });
    }
  });
});

it.each([
  ["FrozenLake", new FrozenLake(), { from: 0, action: 2, to: [0, 1, 4] }],
  ["CliffWalking", new CliffWalking({ slippery: true }), { from: 24, action: 0, to: [12, 24, 25] }],
])("%s slips to each side in a third of the moves", (_name, game, { from, action, to }) => {
  game.reset({ seed: 1 });
  const counts = new Map<number, number>();
  for (let k = 0; k < 3_000; k++) {
    place(game, from);
    const cell = cellOf(game.step(action).observation);
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  expect([...counts.keys()].sort((a, b) => a - b)).toEqual(to);
  for (const count of counts.values()) expect(count).toBeGreaterThan(900);
});

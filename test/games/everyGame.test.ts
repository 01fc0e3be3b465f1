import { describe, expect, it } from "vitest";
import type { StepResult } from "../../src/environments/environment.ts";
import { CliffWalking } from "../../src/games/cliffWalking.ts";
import { ConnectFour } from "../../src/games/connectFour.ts";
import { FrozenLake } from "../../src/games/frozenLake.ts";
import { Game2048 } from "../../src/games/game2048.ts";
import { Snake } from "../../src/games/snake.ts";
import { RandomStream } from "../../src/numerics/random.ts";

type Game = CliffWalking | ConnectFour | FrozenLake | Game2048 | Snake;

const games: readonly (readonly [name: string, make: () => Game, lines: number])[] = [
  ["Snake", () => new Snake(), 6],
  ["Snake of 4 x 4", () => new Snake(4), 4],
  ["2048", () => new Game2048(), 4],
  ["Connect Four", () => new ConnectFour(), 7],
  ["FrozenLake", () => new FrozenLake(), 4],
  ["FrozenLake of 8 x 8", () => new FrozenLake({ map: "8x8", slippery: false }), 8],
  ["CliffWalking", () => new CliffWalking(), 4],
  ["slippery CliffWalking", () => new CliffWalking({ slippery: true }), 4],
];

const randomStream = (seed: number) => new RandomStream(new Uint32Array(4)).seed(seed);

/** Plays up to `steps` random legal actions, resets included, and returns everything that can be seen. */
function play(game: Game, actions: RandomStream, steps: number): unknown[] {
  const seen: unknown[] = [];
  for (let k = 0; k < steps; k++) {
    const legal = "legalActions" in game ? game.legalActions() : undefined;
    let action = actions.nextBelow(game.actionCount);
    while (legal?.[action] === 0) action = actions.nextBelow(game.actionCount);
    const { observation, ...rest }: StepResult = game.step(action);
    seen.push({ ...rest, action, observation: Array.from(observation), text: game.render() });
    if (rest.terminated) seen.push(Array.from(game.reset()));
  }
  return seen;
}

describe.each(games)("%s", (_name, make, lines) => {
  it("has the numbers of action names and observed numbers that it states", () => {
    const game = make();
    expect(game.actionNames).toHaveLength(game.actionCount);
    expect(game.observationShape.reduce((product, size) => product * size)).toBe(
      game.observationSize,
    );
    expect(game.reset({ seed: 1 })).toHaveLength(game.observationSize);
  });

  it("observes numbers from 0 to 1, and never truncates", () => {
    const game = make();
    const actions = randomStream(2);
    game.reset({ seed: 1 });
    for (let k = 0; k < 2_000; k++) {
      const legal = "legalActions" in game ? game.legalActions() : undefined;
      const action = actions.nextBelow(game.actionCount);
      if (legal?.[action] === 0) continue;
      const { observation, terminated, truncated } = game.step(action);
      expect(Math.min(...Array.from(observation))).toBeGreaterThanOrEqual(0);
      expect(Math.max(...Array.from(observation))).toBeLessThanOrEqual(1);
      expect(truncated).toBe(false);
      if (terminated) game.reset();
    }
  });

  it("plays the same game with the same seed", () => {
    const [first, second] = [make(), make()];
    expect(first.reset({ seed: 7 })).toEqual(second.reset({ seed: 7 }));
    // The second game's past must not matter.
    play(second, randomStream(9), 50);
    second.reset({ seed: 7 });
    expect(play(first, randomStream(3), 500)).toEqual(play(second, randomStream(3), 500));
  });

  it("continues from a saved state within an episode", () => {
    const game = make();
    game.reset({ seed: 5 });
    const actions = randomStream(4);
    for (let k = 0; k < 40; k++) {
      play(game, actions, 7);
      const state = game.getState();
      const other = make();
      other.setState(state);
      expect(other.render()).toBe(game.render());
      const legal = (one: Game) => ("legalActions" in one ? Array.from(one.legalActions()) : []);
      expect(legal(other)).toEqual(legal(game));
      expect(play(other, randomStream(k), 100)).toEqual(play(game, randomStream(k), 100));
      game.setState(state);
      expect(game.getState()).toEqual(state);
    }
  });

  it("returns a copy as its state", () => {
    const game = make();
    game.reset({ seed: 5 });
    const state = game.getState();
    const before = state.slice();
    play(game, randomStream(1), 20);
    expect(state).toEqual(before);
  });

  it("refuses a state of another length", () => {
    const { length } = make().getState();
    for (const wrong of [0, length - 1, length + 1]) {
      expect(() => make().setState(new Uint8Array(wrong))).toThrow(
        `has ${length} bytes, got ${wrong}.`,
      );
    }
  });

  it("reuses the result, its observation and the mask of legal actions", () => {
    const game = make();
    const observation = game.reset({ seed: 1 });
    const action = 2;
    const first = game.step(action);
    expect(first.observation).toBe(observation);
    expect(game.step(action)).toBe(first);
    if ("legalActions" in game) expect(game.legalActions()).toBe(game.legalActions());
  });

  it("draws rows of equal length", () => {
    const game = make();
    game.reset({ seed: 1 });
    // Connect Four has a line below the board.
    const rows = game.render().split("\n").slice(0, lines);
    expect(rows).toHaveLength(lines);
    expect(new Set(rows.map((row) => row.length)).size).toBe(1);
  });
});

it.each([
  ["Snake", () => new Snake()],
  ["2048", () => new Game2048()],
  ["FrozenLake", () => new FrozenLake()],
  ["slippery CliffWalking", () => new CliffWalking({ slippery: true })],
])("%s plays another game with another seed", (_name, make) => {
  const [first, second] = [make(), make()];
  first.reset({ seed: 7 });
  second.reset({ seed: 8 });
  expect(play(first, randomStream(3), 200)).not.toEqual(play(second, randomStream(3), 200));
});

it("places the walker as text", () => {
  const lake = new FrozenLake({ slippery: false });
  lake.reset();
  lake.step(2);
  expect(lake.render()).toBe("S @ · ·\n· O · O\n· · · O\nO · · G");
  const cliff = new CliffWalking();
  cliff.reset();
  cliff.step(0);
  const empty = new Array(12).fill("·").join(" ");
  expect(cliff.render()).toBe(
    `${empty}\n${empty}\n@${empty.slice(1)}\n· ${new Array(10).fill("^").join(" ")} G`,
  );
});

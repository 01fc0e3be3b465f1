import { describe, expect, it } from "vitest";
import type { StepResult } from "../../../src/environments/environment.ts";
import { Asterix } from "../../../src/games/minatar/asterix.ts";
import { BALL_X, BALL_Y, Breakout, DX, DY, PADDLE } from "../../../src/games/minatar/breakout.ts";
import { Freeway } from "../../../src/games/minatar/freeway.ts";
import type { MinAtarGame } from "../../../src/games/minatar/minAtarGame.ts";
import { Seaquest } from "../../../src/games/minatar/seaquest.ts";
import { SpaceInvaders } from "../../../src/games/minatar/spaceInvaders.ts";
import { RandomStream } from "../../../src/numerics/random.ts";
import { Tape } from "./tape.ts";

const randomStream = (seed: number) => new RandomStream(new Uint32Array(4)).seed(seed);

/** Plays random actions, resets included, and returns everything that can be seen. */
function play(game: MinAtarGame, actions: RandomStream, steps: number): unknown[] {
  const seen: unknown[] = [];
  for (let k = 0; k < steps; k++) {
    const { observation, ...rest }: StepResult = game.step(actions.nextBelow(game.actionCount));
    seen.push({ ...rest, observation: Array.from(observation).join("") });
    if (rest.terminated) seen.push(game.reset().join(""));
  }
  return seen;
}

describe.each([
  ["Asterix", Asterix],
  ["Breakout", Breakout],
  ["Freeway", Freeway],
  ["Seaquest", Seaquest],
  ["SpaceInvaders", SpaceInvaders],
])("%s", (_, Game) => {
  it("plays the same game with the same seed, whatever came before", () => {
    const [first, second] = [new Game(), new Game()];
    play(second, randomStream(9), 50);
    expect(first.reset({ seed: 7 })).toEqual(second.reset({ seed: 7 }));
    expect(play(first, randomStream(3), 500)).toEqual(play(second, randomStream(3), 500));
    const other = new Game();
    other.reset({ seed: 8 });
    first.reset({ seed: 7 });
    expect(play(other, randomStream(3), 500)).not.toEqual(play(first, randomStream(3), 500));
  });

  it("continues from a saved state within an episode", () => {
    const game = new Game();
    game.reset({ seed: 5 });
    const actions = randomStream(4);
    for (let k = 0; k < 20; k++) {
      play(game, actions, 37);
      const state = game.getState();
      const kept = state.slice();
      const other = new Game();
      other.setState(state);
      expect(other.render()).toEqual(game.render());
      expect(play(other, randomStream(k), 100)).toEqual(play(game, randomStream(k), 100));
      expect(state).toEqual(kept);
    }
    const wrong = new Uint8Array(3);
    expect(() => game.setState(wrong)).toThrow(/^A state of this \w+ has \d+ bytes, got 3\.$/);
  });

  it("reuses the result and its observation", () => {
    const game = new Game();
    const observation = game.reset({ seed: 1 });
    const first = game.step(1);
    expect(first.observation).toBe(observation);
    expect(game.step(1)).toBe(first);
  });

  it("draws marks inside the board for what is observed", () => {
    const game = new Game();
    game.reset({ seed: 1 });
    play(game, randomStream(2), 57);
    const { bottom, left, right, strokes, top } = game.render();
    expect(strokes.length).toBeGreaterThan(2);
    for (const [x, y] of strokes.flatMap(({ points }) => points)) {
      expect(x >= left && x <= right && y >= bottom && y <= top, `${x}, ${y}`).toBe(true);
    }
  });
});

describe("sticky actions", () => {
  const RIGHT = 3;

  it("a draw below 0.1 repeats the last action, also in the next episode", () => {
    const tape = new Tape(0);
    const game = tape.insertInto(new Breakout());
    const column = () => new Int32Array(game.getState().buffer)[PADDLE];
    tape.load([0]);
    game.reset();
    tape.load([0.1, 0.0999, 0.5, 0.0999]);
    const seen = [RIGHT, 1, 1, RIGHT].map((action) => {
      game.step(action);
      return column();
    });
    expect(seen).toEqual([5, 6, 5, 4]);
    tape.load([0, 0.01]);
    game.reset();
    game.step(RIGHT);
    expect(column()).toBe(3);
  });

  it("a reset with a seed forgets the last action", () => {
    const game = new Breakout({ stickyProbability: 1 });
    const fresh = new Breakout({ stickyProbability: 1 });
    const moving = new Breakout({ stickyProbability: 0 });
    moving.reset({ seed: 3 });
    moving.step(RIGHT);
    game.setState(moving.getState());
    game.reset({ seed: 3 });
    fresh.reset({ seed: 3 });
    game.step(RIGHT);
    fresh.step(RIGHT);
    expect(game.getState()).toEqual(fresh.getState());
  });

  it.each([-0.1, 1.1, Number.NaN])("rejects the probability %s", (stickyProbability) => {
    expect(() => new Breakout({ stickyProbability })).toThrow(
      `stickyProbability must be between 0 and 1, got ${stickyProbability}.`,
    );
  });
});

it("a step after the end changes only the random stream", () => {
  const game = new Breakout();
  game.reset({ seed: 1 });
  const words = new Int32Array(game.getState().buffer);
  Object.assign(words, { [BALL_X]: 0, [BALL_Y]: 8, [DX]: 1, [DY]: 1, [PADDLE]: 9 });
  game.setState(new Uint8Array(words.buffer));
  const { observation, terminated } = game.step(0);
  expect(terminated).toBe(true);
  const before = Array.from(observation);
  const state = game.getState();
  const again = game.step(0);
  expect([Array.from(again.observation), again.reward, again.terminated]).toEqual([
    before,
    0,
    true,
  ]);
  expect(game.getState().subarray(24)).toEqual(state.subarray(24));
  expect(game.getState().subarray(0, 16)).not.toEqual(state.subarray(0, 16));
});

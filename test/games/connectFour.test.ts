import { describe, expect, it } from "vitest";
import { ConnectFour } from "../../src/games/connectFour.ts";
import { playMatch, randomPlayer, searchPlayer } from "../../src/games/connectFourSearch.ts";
import { RandomStream } from "../../src/numerics/random.ts";

const random = (seed: number) => new RandomStream(new Uint32Array(4)).seed(seed);

/** Plays columns, written as digits from 1, and returns the game and the last result. */
function play(moves: string) {
  const game = new ConnectFour();
  game.reset();
  const results = [...moves].map((digit) => {
    const { observation, ...rest } = game.step(Number(digit) - 1);
    return { ...rest, observation: Array.from(observation) };
  });
  return { game, results, last: results.at(-1)! };
}

const running = { reward: 0, terminated: false, truncated: false };
const won = { reward: 1, terminated: true, truncated: false };

/** Second implementation: whether four discs of `player` lie in a line anywhere on the drawn board. */
function hasFour(game: ConnectFour, player: number): boolean {
  const sign = "·●○"[player]!;
  const text = game.render().split("\n").slice(0, 6).join("\n").replaceAll(" ", "");
  // With line breaks, a row has 8 characters: the distances to the next cell are 1, 8, 7 and 9.
  return [0, 7, 6, 8].some((gap) => new RegExp(`${sign}(?:[^]{${gap}}${sign}){3}`).test(text));
}

describe("a win", () => {
  it.each([
    ["in a row on the left", "1122334", 1],
    ["in a row on the right", "7766554", 1],
    ["in the gap of a row", "1122443", 1],
    ["in a column", "1212121", 1],
    ["on a rising diagonal", "12233434464", 1],
    ["on a falling diagonal", "76655454424", 1],
    ["of the second player", "12137475", 2],
  ])("%s ends the game", (_name, moves, winner) => {
    const { game, results, last } = play(moves);
    for (const result of results.slice(0, -1)) expect(result).toMatchObject(running);
    expect(last).toMatchObject(won);
    expect(game.winner).toBe(winner);
    expect(hasFour(game, winner)).toBe(true);
    expect(Array.from(game.legalActions())).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(() => game.step(3)).toThrow("Column 3 is not one of legalActions().");
  });

  it.each([
    ["three", "112233"],
    ["four that continue over the edge in the next row", "1556677"],
  ])("needs more than %s", (_name, moves) => {
    const { game, last } = play(moves);
    expect(last).toMatchObject(running);
    expect(game.winner).toBe(0);
  });
});

it("ends a full board without a line as a draw", () => {
  const moves = "121212212121343434434343565656656565777777";
  const { game, results, last } = play(moves);
  for (const result of results.slice(0, -1)) expect(result).toMatchObject(running);
  expect(last).toMatchObject({ reward: 0, terminated: true, truncated: false });
  expect(game.winner).toBe(0);
  expect([hasFour(game, 1), hasFour(game, 2)]).toEqual([false, false]);
});

it("lets a full column be no legal action", () => {
  const { game } = play("444444");
  expect(Array.from(game.legalActions())).toEqual([1, 1, 1, 0, 1, 1, 1]);
  expect(() => game.step(3)).toThrow("Column 3 is not one of legalActions().");
  expect(() => game.step(7)).toThrow("Column 7 is not one of legalActions().");
});

it("observes the board from the view of the player to move", () => {
  const { game, results } = play("414141");
  const plane = (step: number, k: number) =>
    Array.from({ length: 42 }, (_, cell) => cell).filter(
      (cell) => results[step]!.observation[4 * cell + k] === 1,
    );
  // After the first disc, player 2 is to move: the disc is the other's.
  expect([plane(0, 0), plane(0, 1)]).toEqual([[], [38]]);
  expect([plane(1, 0), plane(1, 1)]).toEqual([[38], [35]]);
  // After three discs each, both players complete a column.
  expect([plane(5, 2), plane(5, 3)]).toEqual([[17], [14]]);
  expect(game.turn).toBe(1);
});

describe("random games", () => {
  it("end with the first line of four or a full board", () => {
    const game = new ConnectFour();
    const player = randomPlayer(random(1));
    let lastDiscWins = 0;
    for (let k = 0; k < 2_000; k++) {
      game.reset();
      for (let discs = 1, over = false; !over; discs++) {
        const mover = game.turn;
        expect(mover).toBe(discs % 2 === 1 ? 1 : 2);
        const { reward, terminated } = game.step(player(game));
        expect(reward === 1).toBe(hasFour(game, mover));
        expect(hasFour(game, 3 - mover)).toBe(false);
        expect(game.winner).toBe(reward === 1 ? mover : 0);
        over = terminated;
        expect(over).toBe(reward === 1 || discs === 42);
        if (reward === 1 && discs === 42) lastDiscWins++;
      }
    }
    expect(lastDiscWins).toBeGreaterThan(0);
  });
});

describe("a search of two plies", () => {
  it.each([
    ["wins at once", "112233", 3],
    ["blocks a win of the opponent", "142474", 3],
    ["wins rather than blocks", "121212", 0],
  ])("%s", (_name, moves, action) => {
    for (let seed = 1; seed <= 20; seed++) {
      expect(searchPlayer(2, random(seed))(play(moves).game)).toBe(action);
    }
  });

  it("wins most games against random moves", () => {
    const { wins, draws, losses } = playMatch(
      searchPlayer(2, random(1)),
      randomPlayer(random(2)),
      100,
    );
    expect(wins + draws + losses).toBe(100);
    expect(wins).toBeGreaterThanOrEqual(80);
  });
});

describe("a deeper search", () => {
  it("finds a double threat with three plies", () => {
    // Two discs in the middle of the bottom row with free cells on both sides: a third one makes two threats.
    const { game } = play("4455");
    const found = new Set(
      Array.from({ length: 20 }, (_, seed) => searchPlayer(3, random(seed))(game)),
    );
    expect([...found].every((column) => column === 2 || column === 5)).toBe(true);
  });

  it("equals a plain minimax without pruning", () => {
    const plain = (moves: string, depth: number): number => {
      const { game, last } = play(moves);
      if (last?.reward === 1) return -(depth + 1);
      if (depth === 0 || last?.terminated) return 0;
      const legal = Array.from(game.legalActions());
      return Math.max(
        ...legal.flatMap((yes, k) => (yes ? [-plain(`${moves}${k + 1}`, depth - 1)] : [])),
      );
    };
    for (const moves of ["443", "4435365", "12233434", "445362"]) {
      const { game } = play(moves);
      const values = Array.from(game.legalActions()).map((yes, k) =>
        yes ? -plain(`${moves}${k + 1}`, 3) : -Infinity,
      );
      const best = Math.max(...values);
      const found = new Set(
        Array.from({ length: 60 }, (_, seed) => searchPlayer(4, random(seed))(game)),
      );
      expect([...found].sort()).toEqual(values.flatMap((value, k) => (value === best ? [k] : [])));
    }
  });

  it("beats a shallower one", () => {
    const { wins, losses } = playMatch(searchPlayer(4, random(1)), searchPlayer(2, random(2)), 60);
    expect(wins).toBeGreaterThan(losses);
  });
});

import { describe, expect, it } from "vitest";
import { Game2048 } from "../../src/games/game2048.ts";
import { RandomStream } from "../../src/numerics/random.ts";

const actions = [0, 1, 2, 3] as const;

/** A game with the given tiles, row by row; 0 for none. */
function position(tiles: readonly number[]): Game2048 {
  const game = new Game2048();
  game.reset({ seed: 1 });
  const state = game.getState();
  new Uint32Array(state.buffer).set(
    tiles.map((tile) => (tile === 0 ? 0 : 31 - Math.clz32(tile))),
    5,
  );
  game.setState(state);
  return game;
}

/** The tiles as `render` writes them; 0 for none. */
const tilesOf = (game: Game2048) =>
  game
    .render()
    .trim()
    .split(/\s+/)
    .map((text) => (text === "·" ? 0 : Number(text)));

/** Second implementation of a move: turns the board until the move is to the left, then merges each line as a list. */
function slide(tiles: readonly number[], action: number): { tiles: number[]; points: number } {
  const turn = (board: readonly number[]) =>
    Array.from({ length: 16 }, (_, k) => board[4 * (k % 4) + 3 - Math.floor(k / 4)]!);
  // Up becomes left with one turn to the left, right with two, down with three.
  const turns = [1, 2, 3, 0][action]!;
  let board = [...tiles];
  for (let k = 0; k < turns; k++) board = turn(board);
  let points = 0;
  const merged = [0, 1, 2, 3].flatMap((row) => {
    const line = board.slice(4 * row, 4 * row + 4).filter((tile) => tile > 0);
    for (let k = 0; k + 1 < line.length; k++) {
      if (line[k] !== line[k + 1]) continue;
      line.splice(k, 2, 2 * line[k]!);
      points += line[k]!;
    }
    return [...line, 0, 0, 0, 0].slice(0, 4);
  });
  board = merged;
  for (let k = turns; k < 4; k++) board = turn(board);
  return { tiles: turns === 0 ? merged : board, points };
}

const empty = [0, 0, 0, 0];

describe("a move to the left", () => {
  it.each([
    ["slides tiles to the edge", [0, 2, 0, 4], [2, 4, 0, 0], 0],
    ["merges two equal tiles", [2, 0, 0, 2], [4, 0, 0, 0], 4],
    ["merges pairs", [2, 2, 4, 4], [4, 8, 0, 0], 12],
    ["merges each tile once", [2, 2, 2, 2], [4, 4, 0, 0], 8],
    ["merges the pair at the edge first", [0, 2, 2, 2], [4, 2, 0, 0], 4],
    ["does not merge a merged tile", [2, 2, 4, 0], [4, 4, 0, 0], 4],
    ["does not merge over another tile", [2, 4, 2, 0], [2, 4, 2, 0], 0],
    ["makes large tiles", [65_536, 65_536, 0, 0], [131_072, 0, 0, 0], 131_072],
  ])("%s", (_name, line, after, points) => {
    // A second line makes the move legal also if the first does not change.
    const game = position([...line, ...empty, ...empty, 0, 8, 0, 0]);
    const { reward, terminated } = game.step(3);
    const tiles = tilesOf(game);
    expect(reward).toBe(points);
    expect(terminated).toBe(false);
    expect(game.score).toBe(points);
    after.forEach((tile, k) => {
      if (tile > 0) expect(tiles[k]).toBe(tile);
    });
    expect(tiles[12]).toBe(8);
    // Those of the line, the 8 and a new one.
    const kept = after.filter((tile) => tile > 0).length;
    expect(tiles.filter((tile) => tile > 0)).toHaveLength(kept + 2);
  });
});

it.each([
  ["up", 0, 1],
  ["right", 1, 7],
  ["down", 2, 13],
  ["left", 3, 4],
])("slides a tile %s", (_name, action, cell) => {
  const game = position([...empty, 0, 16, 0, 0, ...empty, ...empty]);
  game.step(action);
  expect(tilesOf(game)[cell]).toBe(16);
});

describe("legal actions", () => {
  it.each([
    [
      "a full board without equal neighbours: none",
      [2, 4, 2, 4, 4, 2, 4, 2, 2, 4, 2, 4, 4, 2, 4, 2],
      [],
    ],
    [
      "equal neighbours in a row: right and left",
      [2, 2, 8, 4, 4, 8, 4, 2, 2, 4, 2, 4, 4, 2, 4, 2],
      [1, 3],
    ],
    [
      "equal neighbours in a column: up and down",
      [2, 4, 2, 4, 2, 8, 4, 2, 4, 16, 2, 4, 8, 2, 4, 2],
      [0, 2],
    ],
    [
      "tiles in the upper left corner: right and down",
      [2, 4, 0, 0, 4, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      [1, 2],
    ],
    ["one tile in the middle: all", [0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [0, 1, 2, 3]],
  ])("%s", (_name, tiles, legal) => {
    const mask = position(tiles).legalActions();
    expect(actions.filter((action) => mask[action] === 1)).toEqual(legal);
  });

  it("leave the board and the random numbers alone if they are not legal", () => {
    const game = position([2, 4, 0, 0, 4, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    const before = game.getState();
    for (const action of [0, 3]) {
      expect(game.step(action)).toMatchObject({ reward: 0, terminated: false, truncated: false });
      expect(game.getState()).toEqual(before);
    }
  });
});

describe("random games", () => {
  it("equal a second implementation in tiles, points and legal actions, and end when none is legal", () => {
    const game = new Game2048();
    const random = new RandomStream(new Uint32Array(4)).seed(1);
    const added = new Map<number, number>();
    let scores = 0;
    for (let seed = 0; seed < 60; seed++) {
      game.reset({ seed });
      const first = tilesOf(game).filter((tile) => tile > 0);
      expect(first).toHaveLength(2);
      let points = 0;
      for (let over = false; !over; ) {
        const before = tilesOf(game);
        const moves = actions.map((action) => slide(before, action));
        const changes = moves.map(({ tiles }) => tiles.some((tile, k) => tile !== before[k]));
        expect(Array.from(game.legalActions())).toEqual(changes.map(Number));

        let action = random.nextBelow(4);
        while (!changes[action]) action = random.nextBelow(4);
        const { reward, terminated } = game.step(action);
        const expected = moves[action]!;
        const after = tilesOf(game);
        const differences = after.flatMap((tile, k) => (tile === expected.tiles[k] ? [] : [k]));
        expect(differences).toHaveLength(1);
        expect(expected.tiles[differences[0]!]).toBe(0);
        const tile = after[differences[0]!]!;
        added.set(tile, (added.get(tile) ?? 0) + 1);
        points += expected.points;
        expect(reward).toBe(expected.points);
        expect(game.score).toBe(points);
        expect(game.largestTile).toBe(Math.max(...after));
        over = terminated;
        expect(over).toBe(
          actions.every((next) => String(slide(after, next).tiles) === String(after)),
        );
      }
      scores += points;
    }
    expect([...added.keys()].sort()).toEqual([2, 4]);
    const share = added.get(4)! / (added.get(2)! + added.get(4)!);
    expect(share).toBeGreaterThan(0.08);
    expect(share).toBeLessThan(0.12);
    expect(scores / 60).toBeGreaterThan(700);
    expect(scores / 60).toBeLessThan(1_600);
  });
});

describe("the observation", () => {
  /** The tile of each cell in the board after an action; 0 for none. */
  const observedBoard = (observation: ArrayLike<number>, action: number) =>
    Array.from({ length: 16 }, (_, cell) => {
      const start = 12 * (16 * (cell >> 2) + 4 * action + (cell & 3));
      const ones = Array.from({ length: 12 }, (_, k) => k).filter((k) => observation[start + k]);
      expect(ones.length).toBeLessThan(2);
      return ones.length === 0 ? 0 : 2 << ones[0]!;
    });

  it("is the board after each action, before the new tile, and empty if the action is not legal", () => {
    const game = new Game2048();
    const random = new RandomStream(new Uint32Array(4)).seed(1);
    let observation: ArrayLike<number> = game.reset({ seed: 1 });
    for (let step = 0; step < 200; step++) {
      const before = tilesOf(game);
      for (const action of actions) {
        const { tiles } = slide(before, action);
        const legal = String(tiles) !== String(before);
        expect(observedBoard(observation, action)).toEqual(legal ? tiles : tiles.fill(0));
      }
      const result = game.step(random.nextBelow(4));
      observation = result.terminated ? game.reset() : result.observation;
    }
  });

  it("has the last number of a cell for 4,096 and more", () => {
    const game = position([2, 4, 8, 2_048, 4_096, 8_192, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    // The action up is not legal, so the board stays.
    const { observation } = game.step(0);
    expect(observedBoard(observation, 1)).toEqual([
      2, 4, 8, 2_048, 0, 0, 4_096, 4_096, 0, 0, 0, 0, 0, 0, 0, 0,
    ]);
  });
});

import { describe, expect, it } from "vitest";
import { Snake } from "../../src/games/snake.ts";
import { RandomStream } from "../../src/numerics/random.ts";

const LEFT = 0;
const STRAIGHT = 1;
const RIGHT = 2;

/**
 * A 4 x 4 game in a hand-made position. `rows` hold a hexadecimal digit per cell: the steps until the snake has left it, 0 if free. The
 * highest digit is the head. `heading`: 0 up, 1 right, 2 down, 3 left.
 */
function position(rows: readonly string[], heading: number, fruit: number, hunger = 0): Snake {
  const game = new Snake(4);
  game.reset({ seed: 1 });
  const state = game.getState();
  const words = new Uint32Array(state.buffer);
  const life = [...rows.join("")].map((digit) => Number.parseInt(digit, 17));
  const length = Math.max(...life);
  words.set([life.indexOf(length), heading, fruit, length, hunger, ...life], 4);
  game.setState(state);
  return game;
}

const roomsOf = (observation: ArrayLike<number>) => Array.from(observation).slice(48, 51);

const tailsOf = (observation: ArrayLike<number>) => Array.from(observation).slice(51, 54);

/** Plays an action and copies the result. */
function observe(game: Snake, action: number) {
  const { observation, ...rest } = game.step(action);
  return { ...rest, observation: Array.from(observation) };
}

const over = { reward: -1, terminated: true, truncated: false };

describe("a new game", () => {
  it("starts with one cell in the middle and one fruit elsewhere", () => {
    const game = new Snake(4);
    const observation = Array.from(game.reset({ seed: 3 }));
    const head = observation.slice(16, 32);
    const fruit = observation.slice(32, 48);
    expect(observation.slice(0, 16)).toEqual(head.map((number) => number / 16));
    expect(head.indexOf(1)).toBe(10);
    expect(fruit.filter((number) => number === 1)).toHaveLength(1);
    expect(fruit[10]).toBe(0);
    expect(game.score).toBe(0);
  });

  it("places fruits on every free cell", () => {
    const game = new Snake(3);
    const cells = new Set<number>();
    for (let seed = 0; seed < 100; seed++) {
      const observation = Array.from(game.reset({ seed }));
      cells.add(observation.slice(18, 27).indexOf(1));
    }
    expect([...cells].sort()).toEqual([0, 1, 2, 3, 5, 6, 7, 8]);
  });
});

describe("a move", () => {
  it.each([
    ["left", LEFT, 0, "◄"],
    ["straight", STRAIGHT, 0, "▲"],
    ["right", RIGHT, 0, "►"],
    ["left", LEFT, 2, "►"],
    ["straight", STRAIGHT, 3, "◄"],
    ["right", RIGHT, 3, "▲"],
  ])("%s (action %i) from heading %i leads to %s", (_name, action, heading, arrow) => {
    const game = position(["0000", "0100", "0000", "0000"], heading, 15);
    expect(game.step(action)).toMatchObject({ reward: 0, terminated: false, truncated: false });
    expect(game.render()).toContain(arrow);
    expect(game.render()).not.toContain("■");
  });

  it("moves the whole snake", () => {
    const game = position(["0000", "1230", "0000", "0000"], 1, 15);
    game.step(STRAIGHT);
    expect(game.render()).toBe("· · · ·\n· ■ ■ ►\n· · · ·\n· · · ●");
  });

  it("onto a fruit gives 1, grows the snake and places another fruit", () => {
    const game = position(["0000", "1230", "0000", "0000"], 1, 7);
    expect(game.step(STRAIGHT)).toMatchObject({ reward: 1, terminated: false });
    expect(game.score).toBe(3);
    expect(game.render().replaceAll(/[^■►]/g, "")).toBe("■■■►");
    expect(game.render().match(/●/g)).toHaveLength(1);
  });

  it("into a wall ends the game with -1", () => {
    const game = position(["0100", "0000", "0000", "0000"], 0, 15);
    expect(game.step(STRAIGHT)).toMatchObject(over);
  });

  it("into the body ends the game with -1", () => {
    const game = position(["0000", "1230", "0540", "0000"], 3, 15);
    expect(game.step(RIGHT)).toMatchObject(over);
  });

  it("into the cell that the tail leaves is allowed", () => {
    const game = position(["0000", "0120", "0430", "0000"], 3, 15);
    expect(game.step(RIGHT)).toMatchObject({ reward: 0, terminated: false });
    expect(game.render()).toBe("· · · ·\n· ▲ ■ ·\n· ■ ■ ·\n· · · ●");
  });

  it("that fills the board ends the game with 1", () => {
    const rows = ["1234", "8765", "9abc", "0fed"];
    const game = position(rows, 3, 12);
    const result = game.step(STRAIGHT);
    expect(result).toMatchObject({ reward: 1, terminated: true, truncated: false });
    expect(game.score).toBe(15);
    expect(game.render()).not.toContain("●");
  });
});

describe("hunger", () => {
  it("ends the game with -1 after 32 steps without a fruit on 16 cells", () => {
    const game = position(["0000", "0100", "0000", "0000"], 0, 15);
    for (let k = 1; k < 32; k++) {
      const result = game.step(LEFT);
      expect(result.terminated).toBe(false);
      expect(result.observation[54]).toBe(k / 32);
    }
    expect(game.step(LEFT)).toMatchObject(over);
  });

  it("ends with a fruit in the last step", () => {
    const game = position(["0000", "1230", "0000", "0000"], 1, 7, 31);
    const { observation, reward, terminated } = game.step(STRAIGHT);
    expect([observation[54], reward, terminated]).toEqual([0, 1, false]);
  });
});

describe("the observation", () => {
  it("shows the same turned board for each heading", () => {
    // The same position, turned by a right angle from line to line.
    const boards: [string[], number, number][] = [
      [["0000", "0300", "0210", "0000"], 0, 3],
      [["0000", "0230", "0100", "0000"], 1, 15],
      [["0000", "0120", "0030", "0000"], 2, 12],
      [["0000", "0010", "0320", "0000"], 3, 0],
    ];
    const turn = (rows: string[]) =>
      [0, 1, 2, 3].map((column) => [3, 2, 1, 0].map((row) => rows[row]![column]!).join(""));
    for (let k = 1; k < 4; k++) expect(turn(boards[k - 1]![0])).toEqual(boards[k]![0]);

    const [first, ...others] = boards.map((board) => observe(position(...board), STRAIGHT));
    for (const other of others) expect(other).toEqual(first);
  });

  it("has the steps until each cell is free, the head and the fruit", () => {
    const { observation } = position(["0000", "0000", "0300", "0210"], 0, 3).step(STRAIGHT);
    const board = (from: number) => Array.from(observation).slice(from, from + 16);
    const only = (values: Record<number, number>) =>
      Array.from({ length: 16 }, (_, cell) => values[cell] ?? 0);
    expect(board(0)).toEqual(only({ 5: 3 / 16, 9: 2 / 16, 13: 1 / 16 }));
    expect(board(16)).toEqual(only({ 5: 1 }));
    expect(board(32)).toEqual(only({ 3: 1 }));
  });

  it("has no room behind a wall or a body", () => {
    const { observation } = position(["0000", "0005", "0004", "0123"], 0, 12).step(STRAIGHT);
    expect(roomsOf(observation)).toEqual([1, 0, 0]);
  });

  it("has the share of free cells that each turn reaches", () => {
    // After the move, the snake parts the board: the column on the left from the two columns on the right.
    const { observation } = position(["0000", "0500", "0400", "0321"], 0, 15).step(STRAIGHT);
    expect(roomsOf(observation).map((room) => Math.round(room * 12))).toEqual([4, 0, 8]);
  });
});

describe("the observation of the tail", () => {
  it.each([
    ["reached from both sides", ["0000", "0500", "0400", "0321"], [1, 0, 1]],
    ["beyond the body: only to the right", ["0000", "0600", "0501", "0432"], [0, 0, 1]],
    ["next to the body", ["0000", "0140", "0230", "0000"], [1, 0, 1]],
    ["of one cell", ["0000", "0000", "0100", "0000"], [1, 1, 1]],
  ])("%s", (_name, rows, tails) => {
    const { observation } = position(rows, 0, 15).step(STRAIGHT);
    expect(tailsOf(observation)).toEqual(tails);
  });

  it("counts a tail that stays because the action eats", () => {
    // After the step, the fruit lies ahead of the head.
    const { observation } = position(["0000", "0000", "0300", "0210"], 0, 1).step(STRAIGHT);
    expect(tailsOf(observation)).toEqual([1, 1, 1]);
  });
});

/** Rooms and tails of each action, from a separate search per action, as numbers of the observation of a game of 5 x 5 cells. */
function searchEachAction(game: Snake): number[] {
  const words = new Uint32Array(game.getState().buffer);
  const [head = 0, heading = 0, fruit, length = 0] = words.slice(4);
  const life = words.slice(9);
  const ahead = (cell: number, to: number) => {
    const row = Math.floor(cell / 5) + [-1, 0, 1, 0][to]!;
    const column = (cell % 5) + [0, 1, 0, -1][to]!;
    return Math.min(row, column) < 0 || Math.max(row, column) > 4 ? null : 5 * row + column;
  };
  const found = [LEFT, STRAIGHT, RIGHT].map((action) => {
    const start = ahead(head, (heading + action + 3) % 4);
    if (start === null || life[start]! > 1) return [0, 0] as const;
    const free = start === fruit ? 0 : 1;
    const reached = new Set([start]);
    let tail = length === 1;
    for (const cell of reached) {
      for (let to = 0; to < 4; to++) {
        const next = ahead(cell, to);
        if (next === null || reached.has(next)) continue;
        if (life[next]! <= free) reached.add(next);
        tail ||= life[next] === free + 1;
      }
    }
    return [Math.fround(reached.size / (25 - length + free)), Number(tail)] as const;
  });
  return [...found.map(([room]) => room), ...found.map(([, tail]) => tail)];
}

describe("any game", () => {
  it("has the rooms and tails that a search for each action alone finds", () => {
    const game = new Snake(5);
    const random = new RandomStream(new Uint32Array(4)).seed(1);
    let longest = 0;
    for (let seed = 0; seed < 50; seed++) {
      let observation = Array.from(game.reset({ seed }));
      for (let over = false; !over; ) {
        const looked = observation.slice(75, 81);
        expect(looked).toEqual(searchEachAction(game));
        // An action that leads to much room, from which the head reaches the tail. Ties are broken at random.
        const merits = [0, 1, 2].map(
          (action) => looked[action]! + 2 * looked[3 + action]! + random.next() / 1_000,
        );
        const result = game.step(merits.indexOf(Math.max(...merits)));
        observation = Array.from(result.observation);
        over = result.terminated;
        longest = Math.max(longest, game.score);
      }
    }
    expect(longest).toBeGreaterThan(10);
  });

  it("keeps the snake in one piece, and its length one more than the score", () => {
    const game = new Snake(5);
    for (let seed = 0; seed < 300; seed++) {
      game.reset({ seed });
      let eaten = 0;
      for (let step = 0; ; step++) {
        const { observation, reward, terminated } = game.step((seed * 7 + step * step) % 3);
        if (reward === 1) eaten++;
        if (terminated) break;
        const life = Array.from(observation)
          .slice(0, 25)
          .map((number) => Math.round(number * 25));
        const path = life
          .map((left, cell) => ({ left, cell }))
          .filter(({ left }) => left > 0)
          .sort((a, b) => a.left - b.left);
        expect(path.map(({ left }) => left)).toEqual(path.map((_, k) => k + 1));
        for (let k = 1; k < path.length; k++) {
          const [a, b] = [path[k - 1]!.cell, path[k]!.cell];
          const distance =
            Math.abs((a % 5) - (b % 5)) + Math.abs(Math.floor(a / 5) - Math.floor(b / 5));
          expect(distance).toBe(1);
        }
        expect(game.score).toBe(eaten);
        expect(path).toHaveLength(eaten + 1);
        expect(observation[25 * 2 + life.indexOf(eaten + 1)]).toBe(0);
      }
    }
  });

  it("dies exactly if the room after the action was 0, or of hunger", () => {
    const game = new Snake(4);
    let deaths = 0;
    for (let seed = 0; seed < 500; seed++) {
      let rooms = roomsOf(game.reset({ seed }));
      for (let step = 0; ; step++) {
        const action = (seed + step * step * 5) % 3;
        const { observation, reward } = game.step(action);
        const starved = observation[54] === 1;
        expect(reward === -1 && !starved).toBe(rooms[action] === 0 && !starved);
        if (reward === -1) deaths++;
        if (reward === -1 || game.score === 15) break;
        rooms = roomsOf(observation);
      }
    }
    expect(deaths).toBeGreaterThan(400);
  });
});

it.each([1, 101, 2.5, Number.NaN])("refuses a board of size %d", (size) => {
  expect(() => new Snake(size)).toThrow(`Snake needs a size from 2 to 100, got ${size}.`);
});

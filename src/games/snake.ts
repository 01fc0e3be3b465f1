import type { Environment, StepResult } from "../environments/environment.ts";
import { RandomStream } from "../numerics/random.ts";

/** Places of the numbers in the state. The random stream has the first four. The snake's cells follow `CELLS`. */
const HEAD = 4;
const HEADING = 5;
const FRUIT = 6;
const LENGTH = 7;
const HUNGER = 8;
const CELLS = 9;

const NO_CELL = -1;

/** Mark of cells that were visited as if the fruit had been eaten. */
const EATEN = 4;

/** Tables of a board, and memory in which a step measures the rooms. */
interface Board {
  /** For each cell and heading (0 up, 1 right, 2 down, 3 left), the next cell or `NO_CELL`. */
  readonly neighbours: Int32Array;
  /** For each heading and cell, the cell's number on the turned board. */
  readonly turned: Int32Array;
  /** Cells to visit. */
  readonly queue: Int32Array;
  /** For each cell, the mark of the last measurement that visited it: 1 + the action, `EATEN` if the action eats, 0 for none. */
  readonly visited: Uint8Array;
}

/** By size. */
const boards = new Map<number, Board>();

function boardOf(size: number): Board {
  const made = boards.get(size) ?? makeBoard(size);
  boards.set(size, made);
  return made;
}

function makeBoard(size: number): Board {
  const cellCount = size * size;
  const neighbours = new Int32Array(4 * cellCount).fill(NO_CELL);
  const turned = new Int32Array(4 * cellCount);
  const last = size - 1;
  for (let cell = 0; cell < cellCount; cell++) {
    const row = Math.floor(cell / size);
    const column = cell % size;
    if (row > 0) neighbours[4 * cell] = cell - size;
    if (column < last) neighbours[4 * cell + 1] = cell + 1;
    if (row < last) neighbours[4 * cell + 2] = cell + size;
    if (column > 0) neighbours[4 * cell + 3] = cell - 1;
    turned[cell] = cell;
    turned[cellCount + cell] = (last - column) * size + row;
    turned[2 * cellCount + cell] = (last - row) * size + (last - column);
    turned[3 * cellCount + cell] = column * size + (last - row);
  }
  const queue = new Int32Array(cellCount);
  return { neighbours, turned, queue, visited: new Uint8Array(cellCount) };
}

/**
 * Snake on a board of size x size cells. The snake starts with one cell and grows with each fruit. It dies if it hits a wall or itself, or
 * if it eats nothing for twice as long as the board has cells. Reward: 1 for a fruit, -1 for a death. A full board ends the game.
 *
 * Actions: turn left, go straight, turn right, so no action reverses. Observation: the board, turned so that the snake heads up, as three
 * numbers per cell (body, head, fruit); for each action, the room after it and whether the head can then reach the tail; the hunger.
 */
export class Snake implements Environment {
  readonly actionCount = 3;
  readonly actionNames = ["left", "straight", "right"] as const;
  readonly observationSize: number;
  readonly observationShape: readonly number[];
  readonly rewardThreshold: number;
  readonly #size: number;
  readonly #cellCount: number;
  readonly #result;
  /** Everything that changes, in one array: random stream, head's cell, heading, fruit's cell, length, steps without fruit, cells. */
  readonly #state: Uint32Array;
  readonly #random: RandomStream;
  /** For each cell, the number of steps after which the snake has left it: its length at the head, 1 at the tail, 0 if free. */
  readonly #life: Uint32Array;
  /** Shared by all games of this size, so that many games fit into the processor's caches. */
  readonly #board: Board;

  /** @param size cells per side, 2 to 100 */
  constructor(size = 6) {
    if (!Number.isInteger(size) || size < 2 || size > 100) {
      throw new Error(`Snake needs a size from 2 to 100, got ${size}.`);
    }
    const cellCount = size * size;
    this.#size = size;
    this.#cellCount = cellCount;
    this.observationSize = 3 * cellCount + 7;
    this.observationShape = [this.observationSize];
    // Six of seven fruits, and then the death.
    this.rewardThreshold = Math.floor((6 / 7) * (cellCount - 1)) - 1;
    const observation = new Float32Array(this.observationSize);
    this.#result = { observation, reward: 0, terminated: false, truncated: false };
    this.#state = new Uint32Array(CELLS + cellCount);
    this.#random = new RandomStream(this.#state.subarray(0, 4)).seed(0);
    this.#life = this.#state.subarray(CELLS);
    this.#board = boardOf(size);
  }

  /** Fruits eaten in this episode. */
  get score(): number {
    return this.#state[LENGTH]! - 1;
  }

  /** Starts in the middle, heading up. */
  reset(options: { readonly seed?: number } = {}): Float32Array {
    if (options.seed !== undefined) this.#random.seed(options.seed);
    const state = this.#state;
    const middle = Math.floor(this.#size / 2);
    state.fill(0, HEAD);
    state[HEAD] = middle * this.#size + middle;
    state[LENGTH] = 1;
    this.#life[state[HEAD]!] = 1;
    this.#placeFruit();
    this.#observe();
    return this.#result.observation;
  }

  step(action: number): StepResult {
    const state = this.#state;
    const life = this.#life;
    const result = this.#result;
    state[HEADING] = (state[HEADING]! + action + 3) % 4;
    const next = this.#board.neighbours[4 * state[HEAD]! + state[HEADING]!]!;
    const eats = next === state[FRUIT];
    state[HUNGER] = eats ? 0 : state[HUNGER]! + 1;
    // The tail leaves its cell before the head moves, so the head may follow it.
    const hits = next === NO_CELL || life[next]! > 1;
    if (!hits) {
      if (eats) state[LENGTH]!++;
      else for (let k = 0; k < life.length; k++) if (life[k]! > 0) life[k]!--;
      state[HEAD] = next;
      life[next] = state[LENGTH]!;
    }
    const full = state[LENGTH] === this.#cellCount;
    if (eats && !full) this.#placeFruit();
    const dies = hits || state[HUNGER]! >= 2 * this.#cellCount;
    result.reward = dies ? -1 : eats ? 1 : 0;
    result.terminated = dies || full;
    this.#observe();
    return result;
  }

  /** Places the fruit on a random free cell. */
  #placeFruit(): void {
    const free = this.#cellCount - this.#state[LENGTH]!;
    let skip = this.#random.nextBelow(free);
    let cell = 0;
    while (this.#life[cell]! > 0 || skip-- > 0) cell++;
    this.#state[FRUIT] = cell;
  }

  #observe(): void {
    const { observation } = this.#result;
    const { turned, visited } = this.#board;
    const state = this.#state;
    const count = this.#cellCount;
    const turn = state[HEADING]! * count;
    observation.fill(0);
    for (let cell = 0; cell < count; cell++) {
      observation[turned[turn + cell]!] = this.#life[cell]! / count;
    }
    observation[count + turned[turn + state[HEAD]!]!] = 1;
    observation[2 * count + turned[turn + state[FRUIT]!]!] = 1;
    visited.fill(0);
    for (let action = 0; action < 3; action++) this.#lookAhead(action);
    observation[3 * count + 6] = state[HUNGER]! / (2 * count);
  }

  /**
   * Writes the room after `action`: the share of free cells that the head can reach, its own included, or 0 if it dies. And whether it can
   * reach the tail: who can follow the tail is not trapped.
   */
  #lookAhead(action: number): void {
    const { observation } = this.#result;
    const state = this.#state;
    const life = this.#life;
    const { neighbours, queue, visited } = this.#board;
    const start = neighbours[4 * state[HEAD]! + ((state[HEADING]! + action + 3) % 4)]!;
    if (start === NO_CELL || life[start]! > 1) return;
    const eats = start === state[FRUIT];
    const room = 3 * this.#cellCount + action;
    const earlier = visited[start]! - 1;
    if (!eats && earlier >= 0 && visited[start] !== EATEN) {
      // An earlier action reaches the same cells.
      observation[room] = observation[room - action + earlier]!;
      observation[room + 3] = observation[room - action + earlier + 3]!;
      return;
    }
    const mark = eats ? EATEN : action + 1;
    // Without a fruit, the tail leaves its cell, and the cell with life 2 becomes the tail.
    const free = eats ? 0 : 1;
    let reachesTail = state[LENGTH] === 1;
    visited[start] = mark;
    queue[0] = start;
    let reached = 1;
    for (let done = 0; done < reached; done++) {
      for (let heading = 0; heading < 4; heading++) {
        const cell = neighbours[4 * queue[done]! + heading]!;
        if (cell === NO_CELL || visited[cell] === mark) continue;
        if (life[cell] === free + 1) reachesTail = true;
        if (life[cell]! > free) continue;
        visited[cell] = mark;
        queue[reached++] = cell;
      }
    }
    observation[room] = reached / (this.#cellCount - state[LENGTH]! + free);
    observation[room + 3] = Number(reachesTail);
  }

  getState(): Uint8Array {
    return new Uint8Array(this.#state.slice().buffer);
  }

  setState(state: Uint8Array): void {
    const bytes = new Uint8Array(this.#state.buffer);
    if (state.length !== bytes.length) {
      throw new Error(`A state of this Snake has ${bytes.length} bytes, got ${state.length}.`);
    }
    bytes.set(state);
    this.#observe();
  }

  /** Draws the head as an arrow, the body as ■, the fruit as ●. */
  render(): string {
    const state = this.#state;
    const size = this.#size;
    const cells: string[] = Array.from(this.#life, (life) => (life > 0 ? "■" : "·"));
    if (state[LENGTH]! < this.#cellCount) cells[state[FRUIT]!] = "●";
    cells[state[HEAD]!] = "▲►▼◄"[state[HEADING]!]!;
    const rows = Array.from({ length: size }, (_, row) =>
      cells.slice(row * size, (row + 1) * size).join(" "),
    );
    return rows.join("\n");
  }
}

export default Snake;

import type { Environment, StepResult } from "../environments/environment.ts";
import { RandomStream } from "../numerics/random.ts";

/** Place of the score in the state. The random stream has the first four numbers. The tiles follow `TILES`. */
const SCORE = 4;
const TILES = 5;

/** Numbers of the observation per cell: for 2, 4, 8, ..., 2,048, and 4,096 or more. */
const levels = 12;

/** Numbers of the observation: four boards of 16 cells. */
const observationSize = 4 * 16 * levels;

/** First cells of each action's lines, seen from the edge to which the tiles slide, and the distance between cells of a line. */
const lines = [
  { starts: [0, 1, 2, 3], stride: 4 },
  { starts: [3, 7, 11, 15], stride: -1 },
  { starts: [12, 13, 14, 15], stride: -4 },
  { starts: [0, 4, 8, 12], stride: 1 },
] as const;

/**
 * 2048, as by Gabriele Cirulli, without an end at the tile 2,048. Reward: the points of a move, the sum of the tiles that it makes by
 * merging. The game ends when no action changes the board. An action that does not change the board is not legal; it does nothing.
 *
 * Actions: up, right, down, left. Observation: for each action the board after it, before the new tile appears. The four boards are side by
 * side. Each cell has 12 numbers; number k is 1 if the tile is 2^(k + 1). The board of an action that is not legal is empty.
 */
export class Game2048 implements Environment {
  readonly actionCount = 4;
  readonly actionNames = ["up", "right", "down", "left"] as const;
  readonly observationSize = observationSize;
  readonly observationShape = [4, 16, levels];
  readonly observationType = "uint8";
  /** Only a policy that ignores `legalActions` needs a limit. */
  readonly maxEpisodeSteps = 10_000;
  /** Ten times the mean score of random legal moves. */
  readonly rewardThreshold = 11_000;
  readonly #result = {
    observation: new Uint8Array(observationSize),
    reward: 0,
    terminated: false,
    truncated: false,
  };
  readonly #legal = new Uint8Array(4);
  /** Everything that changes: the random stream, the score, the tiles row by row as exponents of 2 (0: no tile). */
  readonly #state = new Uint32Array(TILES + 16);
  readonly #random = new RandomStream(this.#state.subarray(0, 4)).seed(0);
  readonly #tiles = this.#state.subarray(TILES);
  /** For each action, the tiles after it and its points. */
  readonly #moved = [0, 1, 2, 3].map(() => new Uint32Array(16));
  readonly #points = new Uint32Array(4);

  get score(): number {
    return this.#state[SCORE]!;
  }

  get largestTile(): number {
    return 1 << this.#tiles.reduce((largest, tile) => Math.max(largest, tile), 0);
  }

  /** Starts with two tiles. */
  reset(options: { readonly seed?: number } = {}): Uint8Array {
    if (options.seed !== undefined) this.#random.seed(options.seed);
    this.#state.fill(0, SCORE);
    this.#addTile();
    this.#addTile();
    this.#observe();
    return this.#result.observation;
  }

  step(action: number): StepResult {
    const result = this.#result;
    result.reward = 0;
    if (this.#legal[action] === 1) {
      result.reward = this.#points[action]!;
      this.#state[SCORE]! += result.reward;
      this.#tiles.set(this.#moved[action]!);
      this.#addTile();
      this.#observe();
    }
    result.terminated = !this.#legal.includes(1);
    return result;
  }

  /** 1 for each action that changes the board, else 0. The next step overwrites the array. */
  legalActions(): Uint8Array {
    return this.#legal;
  }

  /** Slides the tiles and merges equal neighbours, each tile at most once. Returns the points. */
  #slide(tiles: Uint32Array, action: number): number {
    const { starts, stride } = lines[action]!;
    let points = 0;
    for (let line = 0; line < 4; line++) {
      let free = starts[line]!;
      // The last tile that slid and has not merged; 0 for none.
      let single = 0;
      for (let k = 0; k < 4; k++) {
        const cell = starts[line]! + k * stride;
        const tile = tiles[cell]!;
        if (tile === 0) continue;
        tiles[cell] = 0;
        if (tile === single) {
          tiles[free - stride] = tile + 1;
          points += 2 << tile;
          single = 0;
        } else {
          tiles[free] = tile;
          free += stride;
          single = tile;
        }
      }
    }
    return points;
  }

  /** Places a 2, or with probability 0.1 a 4, on a random empty cell. */
  #addTile(): void {
    const tiles = this.#tiles;
    let empty = 0;
    for (let cell = 0; cell < 16; cell++) if (tiles[cell] === 0) empty++;
    let skip = this.#random.nextBelow(empty);
    let cell = 0;
    while (tiles[cell] !== 0 || skip-- > 0) cell++;
    tiles[cell] = this.#random.nextBelow(10) === 0 ? 2 : 1;
  }

  /** Tries each action. Writes the tiles and points after it, whether it is legal, and the observation. */
  #observe(): void {
    const { observation } = this.#result;
    observation.fill(0);
    for (let action = 0; action < 4; action++) {
      const moved = this.#moved[action]!;
      moved.set(this.#tiles);
      this.#points[action] = this.#slide(moved, action);
      let legal = 0;
      for (let cell = 0; cell < 16; cell++) if (moved[cell] !== this.#tiles[cell]) legal = 1;
      this.#legal[action] = legal;
      if (legal === 1) this.#observeBoard(moved, action);
    }
  }

  #observeBoard(tiles: Uint32Array, action: number): void {
    const { observation } = this.#result;
    for (let cell = 0; cell < 16; cell++) {
      const tile = tiles[cell]!;
      const place = 16 * (cell >> 2) + 4 * action + (cell & 3);
      if (tile > 0) observation[levels * place + Math.min(tile, levels) - 1] = 1;
    }
  }

  getState(): Uint8Array {
    return new Uint8Array(this.#state.slice().buffer);
  }

  setState(state: Uint8Array): void {
    const bytes = new Uint8Array(this.#state.buffer);
    if (state.length !== bytes.length) {
      throw new Error(`A state of 2048 has ${bytes.length} bytes, got ${state.length}.`);
    }
    bytes.set(state);
    this.#observe();
  }

  /** Writes the tiles' values. */
  render(): string {
    const values = Array.from(this.#tiles, (tile) => (tile === 0 ? "·" : String(1 << tile)));
    const row = (k: number) => values.slice(4 * k, 4 * k + 4).map((value) => value.padStart(6));
    return [0, 1, 2, 3].map((k) => row(k).join("")).join("\n");
  }
}

export default Game2048;

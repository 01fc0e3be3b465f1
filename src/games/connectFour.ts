import type { Environment, StepResult } from "../environments/environment.ts";

const rows = 6;
const columns = 7;
const cellCount = rows * columns;

/** Places of the numbers after the cells in the state: discs on the board, winner (0: none, 1 or 2). */
const DISCS = cellCount;
const WINNER = cellCount + 1;

/** Steps along a row, a column and both diagonals. */
const directions = [
  { down: 0, right: 1 },
  { down: 1, right: 0 },
  { down: 1, right: 1 },
  { down: 1, right: -1 },
] as const;

/** Whether a disc of `player` on `cell` makes a line of four with the player's other discs. */
export function makesFour(cells: Uint8Array, cell: number, player: number): boolean {
  const row = Math.floor(cell / columns);
  const column = cell % columns;
  for (let k = 0; k < directions.length; k++) {
    const { down, right } = directions[k]!;
    let discs = 1;
    for (let side = -1; side <= 1; side += 2) {
      let y = row + side * down;
      let x = column + side * right;
      while (y >= 0 && y < rows && x >= 0 && x < columns && cells[y * columns + x] === player) {
        discs++;
        y += side * down;
        x += side * right;
      }
    }
    if (discs >= 4) return true;
  }
  return false;
}

/** Returns the cell to which a disc in `column` falls; -1 if the column is full. Row 0 is at the top. */
export function landingCell(cells: Uint8Array, column: number): number {
  let cell = cellCount - columns + column;
  while (cell >= 0 && cells[cell] !== 0) cell -= columns;
  return cell < 0 ? -1 : cell;
}

/**
 * Connect Four for two players, who move in turn: `step` plays for the player to move. Reward, for the player who moved: 1 for a line of
 * four, else 0. The observation after a step is that of the other player, who moves next. A full board without a line is a draw.
 *
 * Action: the column. Observation: four planes of 6 x 7 cells, seen by the player to move: own discs, the other's discs, empty cells
 * that complete an own line, empty cells that complete a line of the other.
 */
export class ConnectFour implements Environment {
  readonly players = 2;
  readonly actionCount = columns;
  readonly actionNames = ["1", "2", "3", "4", "5", "6", "7"] as const;
  readonly observationSize = 4 * cellCount;
  readonly observationShape = [4, rows, columns];
  /** Everything that changes: the cells, row by row from the top (0: empty, 1 or 2: a player's disc), number of discs, winner. */
  readonly #state = new Uint8Array(cellCount + 2);
  readonly #legal = new Uint8Array(columns).fill(1);
  readonly #result = {
    observation: new Float32Array(4 * cellCount),
    reward: 0,
    terminated: false,
    truncated: false,
  };

  /** The cells, row by row from the top: 0 empty, 1 a disc of the first player, 2 one of the second. Do not write to it. */
  readonly cells: Uint8Array = this.#state.subarray(0, cellCount);

  /** The player to move: 1 or 2. */
  get turn(): number {
    return 1 + (this.#state[DISCS]! % 2);
  }

  /** The player with a line of four: 1 or 2; 0 for none. */
  get winner(): number {
    return this.#state[WINNER]!;
  }

  /** Observation of the current state. The next step overwrites it. */
  get observation(): Float32Array {
    return this.#result.observation;
  }

  /** Empties the board. There is no chance in this game, so a seed changes nothing. */
  reset(_options: { readonly seed?: number } = {}): Float32Array {
    this.#state.fill(0);
    this.#observe();
    return this.#result.observation;
  }

  /** @throws Error for a full column and after the end of the game */
  step(action: number): StepResult {
    const state = this.#state;
    const result = this.#result;
    const player = this.turn;
    if (this.#legal[action] !== 1) {
      throw new Error(`Column ${action} is not one of legalActions().`);
    }
    const cell = landingCell(this.cells, action);
    const wins = makesFour(this.cells, cell, player);
    state[cell] = player;
    state[DISCS]!++;
    if (wins) state[WINNER] = player;
    result.reward = wins ? 1 : 0;
    result.terminated = wins || state[DISCS] === cellCount;
    this.#observe();
    return result;
  }

  /** 1 for each column with room, else 0; all 0 after the end. The next step overwrites the array. */
  legalActions(): Uint8Array {
    return this.#legal;
  }

  #observe(): void {
    const { cells } = this;
    const { observation } = this.#result;
    const own = this.turn;
    const other = 3 - own;
    for (let cell = 0; cell < cellCount; cell++) {
      const disc = cells[cell]!;
      observation[cell] = Number(disc === own);
      observation[cellCount + cell] = Number(disc === other);
      observation[2 * cellCount + cell] = Number(disc === 0 && makesFour(cells, cell, own));
      observation[3 * cellCount + cell] = Number(disc === 0 && makesFour(cells, cell, other));
    }
    for (let column = 0; column < columns; column++) {
      this.#legal[column] = Number(this.winner === 0 && cells[column] === 0);
    }
  }

  getState(): Uint8Array {
    return this.#state.slice();
  }

  setState(state: Uint8Array): void {
    if (state.length !== this.#state.length) {
      throw new Error(
        `A state of ConnectFour has ${this.#state.length} bytes, got ${state.length}.`,
      );
    }
    this.#state.set(state);
    this.#observe();
  }

  /** Draws the discs of the first player as ●, those of the second as ○, and says who is to move or has won. */
  render(): string {
    const signs = Array.from(this.cells, (disc) => "·●○"[disc]!);
    const lines = Array.from({ length: rows }, (_, row) =>
      signs.slice(row * columns, (row + 1) * columns).join(" "),
    );
    const result =
      this.winner > 0 ? `${"●○"[this.winner - 1]!} has won` : `${"●○"[this.turn - 1]!} to move`;
    const full = this.winner === 0 && this.#state[DISCS] === cellCount;
    return [...lines, this.actionNames.join(" "), full ? "drawn" : result].join("\n");
  }
}

export default ConnectFour;

import { SIDE } from "./gridPicture.ts";
import { FIRE, GAME, LEFT, MinAtarGame, type MinAtarOptions, RIGHT } from "./minAtarGame.ts";

/** Places of the numbers in the state. */
export const CANNON = GAME;
/** 1 right, -1 left. */
export const DIRECTION = GAME + 1;
/** Largest number of steps from one move of the aliens to the next. */
export const INTERVAL = GAME + 2;
export const MOVE_TIMER = GAME + 3;
export const ALIEN_SHOT_TIMER = GAME + 4;
export const SHOT_TIMER = GAME + 5;
const LEVEL = GAME + 6;
/** One number per row each, with a bit per column: bit 0 is the left column. */
export const ALIENS = GAME + 7;
export const SHOTS = ALIENS + SIDE;
export const BOMBS = SHOTS + SIDE;

const LAST_ROW = SIDE - 1;
const ALL_COLUMNS = 0b1111111111;
/** Columns 2 to 7. */
const WAVE = 0b0011111100;
const WAVE_ROWS = 4;
const SHOT_PERIOD = 5;
const ALIEN_SHOT_PERIOD = 10;
const CHANNELS = 6;

/** MinAtar's Space Invaders: 1 for each alien. A bullet or an alien that reaches the cannon ends the episode. */
export class SpaceInvaders extends MinAtarGame {
  constructor(options: MinAtarOptions = {}) {
    super(
      {
        minimalActions: [0, LEFT, RIGHT, FIRE],
        marks: [
          { shape: "block", color: 1 },
          { shape: "cross", color: 2 },
          null,
          null,
          { shape: "bolt", color: 1 },
          { shape: "bolt", color: 2 },
        ],
        stateSize: 7 + 3 * SIDE,
      },
      options,
    );
  }

  /** Times that the game has become harder. */
  get level(): number {
    return this.state[LEVEL]!;
  }

  protected start(): void {
    const { state } = this;
    state[CANNON] = 5;
    state[DIRECTION] = -1;
    state[INTERVAL] = state[MOVE_TIMER] = 12;
    state[ALIEN_SHOT_TIMER] = ALIEN_SHOT_PERIOD;
    state.fill(WAVE, ALIENS, ALIENS + WAVE_ROWS);
  }

  protected play(action: number): number {
    const { state } = this;
    if (action === FIRE && state[SHOT_TIMER] === 0) {
      state[SHOTS + LAST_ROW]! |= 1 << state[CANNON]!;
      state[SHOT_TIMER] = SHOT_PERIOD;
    }
    if (action === LEFT && state[CANNON]! > 0) state[CANNON]!--;
    if (action === RIGHT && state[CANNON]! < LAST_ROW) state[CANNON]!++;
    for (let row = 0; row < LAST_ROW; row++) state[SHOTS + row] = state[SHOTS + row + 1]!;
    state[SHOTS + LAST_ROW] = 0;
    this.#moveDown(BOMBS);
    state[BOMBS] = 0;
    const cannon = 1 << state[CANNON]!;
    if (((state[BOMBS + LAST_ROW]! | state[ALIENS + LAST_ROW]!) & cannon) !== 0) this.end();
    if (state[MOVE_TIMER] === 0) {
      this.#moveAliens();
      if ((state[ALIENS + LAST_ROW]! & cannon) !== 0) this.end();
    }
    if (state[ALIEN_SHOT_TIMER] === 0) {
      state[ALIEN_SHOT_TIMER] = ALIEN_SHOT_PERIOD;
      this.#dropBomb();
    }
    let reward = 0;
    for (let row = 0; row < SIDE; row++) {
      const hits = state[ALIENS + row]! & state[SHOTS + row]!;
      if (hits === 0) continue;
      reward += bitCount(hits);
      state[ALIENS + row]! ^= hits;
      state[SHOTS + row]! ^= hits;
    }
    if (state[SHOT_TIMER]! > 0) state[SHOT_TIMER]!--;
    state[MOVE_TIMER]!--;
    state[ALIEN_SHOT_TIMER]!--;
    if (this.#alienColumns() === 0) this.#startWave();
    return reward;
  }

  /** Moves a board down by one row. The last row becomes the first. */
  #moveDown(board: number): void {
    const { state } = this;
    const last = state[board + LAST_ROW]!;
    for (let row = LAST_ROW; row > 0; row--) state[board + row] = state[board + row - 1]!;
    state[board] = last;
  }

  /** Columns with an alien, as bits. */
  #alienColumns(): number {
    const { state } = this;
    let columns = 0;
    for (let row = 0; row < SIDE; row++) columns |= state[ALIENS + row]!;
    return columns;
  }

  /** Moves the aliens sideways, or at the edge down. */
  #moveAliens(): void {
    const { state } = this;
    let aliens = 0;
    for (let row = 0; row < SIDE; row++) aliens += bitCount(state[ALIENS + row]!);
    state[MOVE_TIMER] = Math.min(aliens, state[INTERVAL]!);
    const movesRight = state[DIRECTION] === 1;
    const edge = movesRight ? 1 << LAST_ROW : 1;
    if ((this.#alienColumns() & edge) !== 0) {
      state[DIRECTION] = movesRight ? -1 : 1;
      if (state[ALIENS + LAST_ROW] !== 0) this.end();
      this.#moveDown(ALIENS);
      return;
    }
    for (let row = 0; row < SIDE; row++) {
      const aliens = state[ALIENS + row]!;
      state[ALIENS + row] = movesRight ? (aliens << 1) & ALL_COLUMNS : aliens >> 1;
    }
  }

  /** Puts a bullet into the cell of the lowest alien in the column nearest to the cannon, of two the left one. */
  #dropBomb(): void {
    const { state } = this;
    const columns = this.#alienColumns();
    const cannon = state[CANNON]!;
    for (let distance = 0; distance < SIDE; distance++) {
      const left = cannon - distance;
      const right = cannon + distance;
      const bit = left >= 0 && (columns >> left) & 1 ? 1 << left : columns & (1 << right);
      if (bit === 0) continue;
      let row = LAST_ROW;
      while ((state[ALIENS + row]! & bit) === 0) row--;
      state[BOMBS + row]! |= bit;
      return;
    }
  }

  #startWave(): void {
    const { state } = this;
    if (this.ramping && state[INTERVAL]! > 6) {
      state[INTERVAL]!--;
      state[LEVEL]!++;
    }
    state.fill(WAVE, ALIENS, ALIENS + WAVE_ROWS);
  }

  protected draw(observation: Uint8Array): void {
    const { state } = this;
    observation[(LAST_ROW * SIDE + state[CANNON]!) * CHANNELS] = 1;
    const facing = state[DIRECTION] === 1 ? 3 : 2;
    for (let row = 0; row < SIDE; row++) {
      const aliens = state[ALIENS + row]!;
      const shots = state[SHOTS + row]!;
      const bombs = state[BOMBS + row]!;
      if ((aliens | shots | bombs) === 0) continue;
      for (let x = 0; x < SIDE; x++) {
        const cell = (row * SIDE + x) * CHANNELS;
        observation[cell + 1] = observation[cell + facing] = (aliens >> x) & 1;
        observation[cell + 4] = (shots >> x) & 1;
        observation[cell + 5] = (bombs >> x) & 1;
      }
    }
  }
}

/** Number of 1s among the bits. */
function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}

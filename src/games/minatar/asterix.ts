import { SIDE } from "./gridPicture.ts";
import { DOWN, GAME, LEFT, MinAtarGame, type MinAtarOptions, RIGHT, UP } from "./minAtarGame.ts";

/** Places of the numbers in the state. */
export const PLAYER_X = GAME;
export const PLAYER_Y = GAME + 1;
export const SPAWN_PERIOD = GAME + 2;
export const SPAWN_TIMER = GAME + 3;
export const MOVE_PERIOD = GAME + 4;
export const MOVE_TIMER = GAME + 5;
export const RAMP_TIMER = GAME + 6;
const LEVEL = GAME + 7;
/** One number per slot each. Slot k has at most one object, in row k + 1. */
const SLOTS = 8;
export const KIND = GAME + 8;
export const X = KIND + SLOTS;
/** 1 right, -1 left. */
export const DIRECTION = X + SLOTS;

const EMPTY = 0;
const GOLD = 1;
const ENEMY = 2;
const RAMP_PERIOD = 100;
const CHANNELS = 4;

/** MinAtar's Asterix: 1 for each gold. An enemy ends the episode. */
export class Asterix extends MinAtarGame {
  constructor(options: MinAtarOptions = {}) {
    super(
      {
        minimalActions: [0, LEFT, UP, RIGHT, DOWN],
        marks: [
          { shape: "disc", color: 1 },
          { shape: "cross", color: 2 },
          { shape: "dot", color: 0 },
          { shape: "ring", color: 1 },
        ],
        stateSize: 8 + 3 * SLOTS,
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
    state[PLAYER_X] = state[PLAYER_Y] = 5;
    state[SPAWN_PERIOD] = state[SPAWN_TIMER] = 10;
    state[MOVE_PERIOD] = state[MOVE_TIMER] = 5;
    state[RAMP_TIMER] = RAMP_PERIOD;
  }

  protected play(action: number): number {
    const { state } = this;
    if (state[SPAWN_TIMER] === 0) {
      this.#spawn();
      state[SPAWN_TIMER] = state[SPAWN_PERIOD]!;
    }
    if (action === LEFT && state[PLAYER_X]! > 0) state[PLAYER_X]!--;
    if (action === RIGHT && state[PLAYER_X]! < SIDE - 1) state[PLAYER_X]!++;
    if (action === UP && state[PLAYER_Y]! > 1) state[PLAYER_Y]!--;
    if (action === DOWN && state[PLAYER_Y]! < SLOTS) state[PLAYER_Y]!++;
    // The objects of other rows cannot touch the player.
    let reward = this.#touch(state[PLAYER_Y]! - 1);
    if (state[MOVE_TIMER] === 0) {
      state[MOVE_TIMER] = state[MOVE_PERIOD]!;
      for (let slot = 0; slot < SLOTS; slot++) {
        if (state[KIND + slot] === EMPTY) continue;
        const x = state[X + slot]! + state[DIRECTION + slot]!;
        state[X + slot] = x;
        if (x < 0 || x >= SIDE) state[KIND + slot] = EMPTY;
      }
      reward += this.#touch(state[PLAYER_Y]! - 1);
    }
    state[SPAWN_TIMER]!--;
    state[MOVE_TIMER]!--;
    if (this.ramping && (state[SPAWN_PERIOD]! > 1 || state[MOVE_PERIOD]! > 1)) this.#ramp();
    return reward;
  }

  /** Puts gold or an enemy into a random empty slot, if there is one. */
  #spawn(): void {
    const { random, state } = this;
    const movesRight = random.next() < 1 / 2;
    const isGold = random.next() < 1 / 3;
    let empty = 0;
    for (let slot = 0; slot < SLOTS; slot++) if (state[KIND + slot] === EMPTY) empty++;
    if (empty === 0) return;
    let skip = random.nextBelow(empty);
    let slot = 0;
    while (state[KIND + slot] !== EMPTY || skip-- > 0) slot++;
    state[KIND + slot] = isGold ? GOLD : ENEMY;
    state[X + slot] = movesRight ? 0 : SIDE - 1;
    state[DIRECTION + slot] = movesRight ? 1 : -1;
  }

  /** Takes gold in the player's cell. An enemy there ends the episode. Returns the reward. */
  #touch(slot: number): number {
    const { state } = this;
    if (state[KIND + slot] === EMPTY || state[X + slot] !== state[PLAYER_X]) return 0;
    if (state[KIND + slot] === ENEMY) {
      this.end();
      return 0;
    }
    state[KIND + slot] = EMPTY;
    return 1;
  }

  #ramp(): void {
    const { state } = this;
    if (state[RAMP_TIMER]! >= 0) {
      state[RAMP_TIMER]!--;
      return;
    }
    if (state[MOVE_PERIOD]! > 1 && state[LEVEL]! % 2 === 1) state[MOVE_PERIOD]!--;
    if (state[SPAWN_PERIOD]! > 1) state[SPAWN_PERIOD]!--;
    state[LEVEL]!++;
    state[RAMP_TIMER] = RAMP_PERIOD;
  }

  protected draw(observation: Uint8Array): void {
    const { state } = this;
    observation[(state[PLAYER_Y]! * SIDE + state[PLAYER_X]!) * CHANNELS] = 1;
    for (let slot = 0; slot < SLOTS; slot++) {
      const kind = state[KIND + slot]!;
      if (kind === EMPTY) continue;
      const row = (slot + 1) * SIDE;
      const x = state[X + slot]!;
      const behind = x - state[DIRECTION + slot]!;
      observation[(row + x) * CHANNELS + (kind === GOLD ? 3 : 1)] = 1;
      if (behind >= 0 && behind < SIDE) observation[(row + behind) * CHANNELS + 2] = 1;
    }
  }
}

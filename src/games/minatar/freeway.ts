import { SIDE } from "./gridPicture.ts";
import { DOWN, GAME, MinAtarGame, type MinAtarOptions, UP } from "./minAtarGame.ts";

/** Places of the numbers in the state. */
export const ROW = GAME;
export const MOVE_TIMER = GAME + 1;
export const TIME_LEFT = GAME + 2;
/** One number per car each. Car k drives in row k + 1. */
const CARS = 8;
export const X = GAME + 3;
/** Steps from one move to the next, minus 1. */
export const SPEED = X + CARS;
/** 1 right, -1 left. */
export const DIRECTION = SPEED + CARS;
export const TIMER = DIRECTION + CARS;

const PLAYER_COLUMN = 4;
const LAST_ROW = SIDE - 1;
const MOVE_PERIOD = 3;
const TIME_LIMIT = 2_500;
const CHANNELS = 7;

/** MinAtar's Freeway: 1 for each crossing of eight lanes. A car throws the chicken back to its start. Ends after 2,501 steps. */
export class Freeway extends MinAtarGame {
  constructor(options: MinAtarOptions = {}) {
    super(
      {
        minimalActions: [0, UP, DOWN],
        marks: [
          { shape: "disc", color: 1 },
          { shape: "block", color: 2 },
          ...Array.from({ length: 5 }, () => ({ shape: "dot", color: 0 }) as const),
        ],
        stateSize: 3 + 4 * CARS,
      },
      options,
    );
  }

  protected start(): void {
    const { state } = this;
    this.#drawCars();
    state[ROW] = LAST_ROW;
    state[MOVE_TIMER] = MOVE_PERIOD;
    state[TIME_LEFT] = TIME_LIMIT;
  }

  /** Draws speed and direction of each car at random. The cars stay in their cells. */
  #drawCars(): void {
    const { random, state } = this;
    for (let car = 0; car < CARS; car++) state[SPEED + car] = 1 + random.nextBelow(5);
    for (let car = 0; car < CARS; car++) {
      state[DIRECTION + car] = random.next() > 1 / 2 ? 1 : -1;
      state[TIMER + car] = state[SPEED + car]!;
    }
  }

  protected play(action: number): number {
    const { state } = this;
    let row = state[ROW]!;
    if ((action === UP || action === DOWN) && state[MOVE_TIMER] === 0) {
      state[MOVE_TIMER] = MOVE_PERIOD;
      if (action === UP && row > 0) row--;
      if (action === DOWN && row < LAST_ROW) row++;
    }
    let reward = 0;
    if (row === 0) {
      reward = 1;
      this.#drawCars();
      row = LAST_ROW;
    }
    for (let car = 0; car < CARS; car++) {
      const isInLane = row === car + 1;
      if (isInLane && state[X + car] === PLAYER_COLUMN) row = LAST_ROW;
      if (state[TIMER + car]! > 0) {
        state[TIMER + car]!--;
        continue;
      }
      state[TIMER + car] = state[SPEED + car]!;
      state[X + car] = wrapped(state[X + car]! + state[DIRECTION + car]!);
      if (isInLane && state[X + car] === PLAYER_COLUMN) row = LAST_ROW;
    }
    state[ROW] = row;
    if (state[MOVE_TIMER]! > 0) state[MOVE_TIMER]!--;
    state[TIME_LEFT]!--;
    if (state[TIME_LEFT]! < 0) this.end();
    return reward;
  }

  protected draw(observation: Uint8Array): void {
    const { state } = this;
    observation[(state[ROW]! * SIDE + PLAYER_COLUMN) * CHANNELS] = 1;
    for (let car = 0; car < CARS; car++) {
      const lane = (car + 1) * SIDE;
      const x = state[X + car]!;
      observation[(lane + x) * CHANNELS + 1] = 1;
      const behind = wrapped(x - state[DIRECTION + car]!);
      observation[(lane + behind) * CHANNELS + 1 + state[SPEED + car]!] = 1;
    }
  }
}

/** Column x of a road that is closed into a ring, for x from -1 to 10. */
const wrapped = (x: number) => (x < 0 ? SIDE - 1 : x === SIDE ? 0 : x);

import { SIDE } from "./gridPicture.ts";
import { GAME, LEFT, MinAtarGame, type MinAtarOptions, RIGHT } from "./minAtarGame.ts";

/** Places of the numbers in the state. */
export const PADDLE = GAME;
export const BALL_X = GAME + 1;
export const BALL_Y = GAME + 2;
export const LAST_X = GAME + 3;
export const LAST_Y = GAME + 4;
/** Direction of the ball: 1 or -1 each. */
export const DX = GAME + 5;
export const DY = GAME + 6;
/** One bit per brick, row by row. */
export const BRICKS = GAME + 7;
/** 1 after the ball has broken a brick, until its way is free. Until then it breaks no other brick. */
export const PASSING = GAME + 8;

const LAST_ROW = SIDE - 1;
/** The bricks' rows are 1 to 3. */
const FIRST_BRICK = SIDE;
const BRICK_COUNT = 3 * SIDE;
const WALL = 0x3fffffff;
const CHANNELS = 4;

/** MinAtar's Breakout: 1 for each brick. A missed ball ends the episode. */
export class Breakout extends MinAtarGame {
  constructor(options: MinAtarOptions = {}) {
    super(
      {
        minimalActions: [0, LEFT, RIGHT],
        marks: [
          { shape: "block", color: 1 },
          { shape: "disc", color: 2 },
          { shape: "dot", color: 0 },
          { shape: "bar", color: 0 },
        ],
        stateSize: 9,
      },
      options,
    );
  }

  protected start(): void {
    const { state } = this;
    const fromRight = this.random.nextBelow(2) === 1;
    state[PADDLE] = 4;
    state[BALL_X] = state[LAST_X] = fromRight ? LAST_ROW : 0;
    state[BALL_Y] = state[LAST_Y] = 3;
    state[DX] = fromRight ? -1 : 1;
    state[DY] = 1;
    state[BRICKS] = WALL;
  }

  protected play(action: number): number {
    const { state } = this;
    const paddle = state[PADDLE]!;
    if (action === LEFT && paddle > 0) state[PADDLE] = paddle - 1;
    if (action === RIGHT && paddle < LAST_ROW) state[PADDLE] = paddle + 1;
    const x0 = state[BALL_X]!;
    const y0 = state[BALL_Y]!;
    state[LAST_X] = x0;
    state[LAST_Y] = y0;
    let x = x0 + state[DX]!;
    let y = y0 + state[DY]!;
    if (x < 0 || x > LAST_ROW) {
      x = x0;
      state[DX] = -state[DX]!;
    }
    const brick = y * SIDE + x - FIRST_BRICK;
    const meetsBrick = brick >= 0 && brick < BRICK_COUNT && ((state[BRICKS]! >> brick) & 1) === 1;
    let reward = 0;
    if (y < 0) {
      y = 0;
      state[DY] = 1;
    } else if (meetsBrick) {
      if (state[PASSING] === 0) {
        reward = 1;
        state[PASSING] = 1;
        state[BRICKS] = state[BRICKS]! & ~(1 << brick);
        y = y0;
        state[DY] = -state[DY]!;
      }
    } else if (y === LAST_ROW) {
      if (state[BRICKS] === 0) state[BRICKS] = WALL;
      if (x0 === state[PADDLE]) {
        y = y0;
        state[DY] = -1;
      } else if (x === state[PADDLE]) {
        y = y0;
        state[DX] = -state[DX]!;
        state[DY] = -1;
      } else {
        this.end();
      }
    }
    if (!meetsBrick) state[PASSING] = 0;
    state[BALL_X] = x;
    state[BALL_Y] = y;
    return reward;
  }

  protected draw(observation: Uint8Array): void {
    const { state } = this;
    observation[(LAST_ROW * SIDE + state[PADDLE]!) * CHANNELS] = 1;
    observation[(state[BALL_Y]! * SIDE + state[BALL_X]!) * CHANNELS + 1] = 1;
    observation[(state[LAST_Y]! * SIDE + state[LAST_X]!) * CHANNELS + 2] = 1;
    const bricks = state[BRICKS]!;
    for (let brick = 0; brick < BRICK_COUNT; brick++) {
      observation[(FIRST_BRICK + brick) * CHANNELS + 3] = (bricks >> brick) & 1;
    }
  }
}

import type { MinAtarGame } from "../../../src/games/minatar/minAtarGame.ts";
import { Tape } from "./tape.ts";

/** Numbers of a state by their places. */
export type Numbers = Readonly<Record<number, number>>;

interface Played {
  readonly reward: number;
  readonly terminated: boolean;
}

/** A game whose state and draws a test chooses. Actions are not sticky. */
export class HandBuilt<Game extends MinAtarGame> {
  readonly game: Game;
  readonly observation: ArrayLike<number>;
  readonly #tape: Tape;

  /**
   * @param draws draws of the reset
   * @param lowest see `Tape`
   */
  constructor(
    Game: new (options: { stickyProbability: number; ramping: boolean }) => Game,
    { draws = [], lowest = 0, ramping = true } = {} as {
      draws?: readonly number[];
      lowest?: number;
      ramping?: boolean;
    },
  ) {
    this.#tape = new Tape(lowest);
    this.game = this.#tape.insertInto(new Game({ stickyProbability: 0, ramping }));
    this.#tape.load(draws);
    this.observation = this.game.reset();
  }

  get(place: number): number {
    return new Int32Array(this.game.getState().buffer)[place]!;
  }

  set(numbers: Numbers): this {
    const words = new Int32Array(this.game.getState().buffer);
    for (const [place, number] of Object.entries(numbers)) words[Number(place)] = number;
    this.game.setState(new Uint8Array(words.buffer));
    return this;
  }

  /** Plays a step with these draws of the game, all of which it must take. */
  step(action: number, draws: readonly number[] = []): Played {
    this.#tape.load([0.5, ...draws]);
    const { reward, terminated } = this.game.step(action);
    if (this.#tape.left > 0) throw new Error(`The game left ${this.#tape.left} draws.`);
    return { reward, terminated };
  }

  /** Cells with a 1 in a channel, as "column,row". */
  cells(channel: number): string[] {
    const [, columns = 0, channels = 0] = this.game.observationShape;
    const { observation } = this;
    const cells: string[] = [];
    for (let k = channel; k < observation.length; k += channels) {
      const cell = (k - channel) / channels;
      if (observation[k] === 1) cells.push(`${cell % columns},${Math.floor(cell / columns)}`);
    }
    return cells;
  }
}

import type { MinAtarGame } from "../../../src/games/minatar/minAtarGame.ts";
import { RandomStream } from "../../../src/numerics/random.ts";

/** Recorded draws instead of random ones. A fraction answers `next`, a whole number `nextBelow`. */
export class Tape extends RandomStream {
  readonly #lowest: number;
  #draws: readonly number[] = [];
  #used = 0;

  /** @param lowest the recorded whole number that stands for 0 */
  constructor(lowest: number) {
    super(new Uint32Array(4));
    this.#lowest = lowest;
  }

  /** Replaces the game's random stream. Returns the game. */
  insertInto<Game extends MinAtarGame>(game: Game): Game {
    Object.defineProperty(game, "random", { value: this });
    return game;
  }

  load(draws: readonly number[]): void {
    this.#draws = draws;
    this.#used = 0;
  }

  /** Number of draws that are not used yet. */
  get left(): number {
    return this.#draws.length - this.#used;
  }

  #take(isWhole: boolean): number {
    const draw = this.#draws[this.#used++];
    if (draw === undefined) throw new Error("The game draws more numbers than MinAtar did.");
    if (Number.isInteger(draw) !== isWhole) throw new Error(`MinAtar drew ${draw} here.`);
    return draw;
  }

  override next(): number {
    return this.#take(false);
  }

  override nextBelow(n: number): number {
    const draw = this.#take(true) - this.#lowest;
    if (draw < 0 || draw >= n) throw new Error(`${draw} is not below ${n}.`);
    return draw;
  }
}

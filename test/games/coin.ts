// A game for tests: walk on a 4x4 board to a coin. It has every optional member of an environment.
import type { Environment, StepResult } from "../../src/environments/environment.ts";

const SIZE = 4;

export default class Coin implements Environment {
  readonly observationSize = 2 * SIZE * SIZE;
  readonly observationShape = [2, SIZE, SIZE];
  readonly actionCount = 4;
  readonly actionNames = ["up", "right", "down", "left"];
  readonly maxEpisodeSteps = 20;
  readonly rewardThreshold = 0.6;
  /** Player, coin, state of the random numbers. */
  readonly #state = new Uint32Array([0, 1, 1]);

  #random(below: number): number {
    this.#state[2] = Math.imul(this.#state[2]!, 1664525) + 1013904223;
    return Math.floor((this.#state[2]! / 2 ** 32) * below);
  }

  #observe(): Float32Array {
    const cells = new Float32Array(this.observationSize);
    cells[this.#state[0]!] = 1;
    cells[SIZE * SIZE + this.#state[1]!] = 1;
    return cells;
  }

  reset({ seed }: { readonly seed?: number } = {}): Float32Array {
    if (seed !== undefined) this.#state[2] = seed;
    this.#state[0] = this.#random(SIZE * SIZE);
    this.#state[1] = (this.#state[0]! + 1 + this.#random(SIZE * SIZE - 1)) % (SIZE * SIZE);
    return this.#observe();
  }

  step(action: number): StepResult {
    const player = this.#state[0]!;
    const x = (player % SIZE) + [0, 1, 0, -1][action]!;
    const y = Math.floor(player / SIZE) + [-1, 0, 1, 0][action]!;
    if (x >= 0 && x < SIZE && y >= 0 && y < SIZE) this.#state[0] = SIZE * y + x;
    const terminated = this.#state[0] === this.#state[1];
    const reward = terminated ? 1 : -0.05;
    return { observation: this.#observe(), reward, terminated, truncated: false };
  }

  render(): string {
    const cells = Array.from({ length: SIZE * SIZE }, (_, k) =>
      k === this.#state[0] ? "@" : k === this.#state[1] ? "o" : ".",
    );
    return Array.from({ length: SIZE }, (_, y) =>
      cells.slice(SIZE * y, SIZE * y + SIZE).join(" "),
    ).join("\n");
  }

  getState(): Uint8Array {
    return new Uint8Array(this.#state.slice().buffer);
  }

  setState(bytes: Uint8Array): void {
    this.#state.set(new Uint32Array(bytes.slice().buffer));
  }
}

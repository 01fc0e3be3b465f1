import type { Environment, StepResult } from "../environments/environment.ts";
import { RandomStream } from "../numerics/random.ts";

const rows = 4;
const columns = 12;
/** Row of the start (on the left), the cliff, and the goal (on the right). */
const bottom = rows - 1;

export interface CliffWalkingOptions {
  /** Whether two of three moves slip to the side, as in CliffWalkingSlippery-v1. Default: false. */
  readonly slippery?: boolean;
}

/**
 * CliffWalking as in Gymnasium's CliffWalking-v1: walk from the lower left to the lower right corner. A step costs 1. A step off the cliff
 * between the corners costs 100 and leads back to the start. Without slipping it equals CliffWalking-v0.
 * Observation: one number per cell, 1 where the walker stands. Actions: up, right, down, left.
 */
export class CliffWalking implements Environment {
  readonly actionCount = 4;
  readonly actionNames = ["up", "right", "down", "left"] as const;
  readonly observationSize = rows * columns;
  readonly observationShape = [rows, columns];
  readonly #slippery: boolean;
  readonly #result = {
    observation: new Float32Array(rows * columns),
    reward: 0,
    terminated: false,
    truncated: false,
  };
  /** Everything that changes: the random stream (4 words), the walker's row and column. */
  readonly #state = new Uint32Array(6);
  readonly #random = new RandomStream(this.#state.subarray(0, 4)).seed(0);

  constructor({ slippery = false }: CliffWalkingOptions = {}) {
    this.#slippery = slippery;
    this.#start();
  }

  reset(options: { readonly seed?: number } = {}): Float32Array {
    if (options.seed !== undefined) this.#random.seed(options.seed);
    this.#start();
    this.#observe();
    return this.#result.observation;
  }

  #start(): void {
    this.#state[4] = bottom;
    this.#state[5] = 0;
  }

  step(action: number): StepResult {
    return this.stepWith(action, this.#slippery ? this.#random.next() : 0);
  }

  /** Plays `action` with a given random number `draw` from [0, 1), as Gymnasium uses it. Dry ground ignores it. */
  stepWith(action: number, draw: number): StepResult {
    const state = this.#state;
    const turn = !this.#slippery ? 0 : draw < 1 / 3 ? 3 : draw < 1 / 3 + 1 / 3 ? 0 : 1;
    let row = state[4]!;
    let column = state[5]!;
    switch ((action + turn) % 4) {
      case 0:
        if (row > 0) row--;
        break;
      case 1:
        if (column < columns - 1) column++;
        break;
      case 2:
        if (row < bottom) row++;
        break;
      default:
        if (column > 0) column--;
    }
    state[4] = row;
    state[5] = column;

    const result = this.#result;
    const fell = row === bottom && column > 0 && column < columns - 1;
    if (fell) this.#start();
    result.reward = fell ? -100 : -1;
    result.terminated = row === bottom && column === columns - 1;
    this.#observe();
    return result;
  }

  #observe(): void {
    const { observation } = this.#result;
    observation.fill(0);
    observation[this.#state[4]! * columns + this.#state[5]!] = 1;
  }

  getState(): Uint8Array {
    return new Uint8Array(this.#state.slice().buffer);
  }

  setState(state: Uint8Array): void {
    const bytes = new Uint8Array(this.#state.buffer);
    if (state.length !== bytes.length) {
      throw new Error(`A state of CliffWalking has ${bytes.length} bytes, got ${state.length}.`);
    }
    bytes.set(state);
    this.#observe();
  }

  /** Draws the walker as @, the cliff as ^, the goal as G. */
  render(): string {
    const cells = Array.from({ length: rows }, () => new Array<string>(columns).fill("·"));
    cells[bottom]!.fill("^", 1);
    cells[bottom]![columns - 1] = "G";
    cells[this.#state[4]!]![this.#state[5]!] = "@";
    return cells.map((line) => line.join(" ")).join("\n");
  }
}

export default CliffWalking;

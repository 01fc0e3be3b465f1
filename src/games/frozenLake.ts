import type { Environment, StepResult } from "../environments/environment.ts";
import { RandomStream } from "../numerics/random.ts";

/** S: start, F: ice, H: hole, G: goal. */
const maps = {
  "4x4": ["SFFF", "FHFH", "FFFH", "HFFG"],
  "8x8": [
    "SFFFFFFF",
    "FFFFFFFF",
    "FFFHFFFF",
    "FFFFFHFF",
    "FFFHFFFF",
    "FHHFFFHF",
    "FHFFHFHF",
    "FFFHFFFG",
  ],
} as const;

/** Time limit and solved threshold of Gymnasium's FrozenLake-v1 and FrozenLake8x8-v1. */
const limits = { "4x4": { steps: 100, threshold: 0.7 }, "8x8": { steps: 200, threshold: 0.85 } };

// Gymnasium sums the three probabilities in this order, with these rounding errors.
const intended = 1 / 3;
const sideways = (1 - intended) / 2;

/** A draw below `turnsBefore` slips to the direction before the chosen one, a draw from `turnsAfter` on to the one after it. */
const turnsBefore = sideways;
const turnsAfter = sideways + intended;

export interface FrozenLakeOptions {
  /** Default: "4x4". */
  readonly map?: keyof typeof maps;
  /** Whether two of three moves slip to the side. Default: true. */
  readonly slippery?: boolean;
}

/**
 * FrozenLake as in Gymnasium's FrozenLake-v1: walk over ice to the goal. The reward is 1 at the goal, else 0. A hole ends the episode.
 * Observation: one number per cell, 1 where the walker stands. Actions: left, down, right, up.
 */
export class FrozenLake implements Environment {
  readonly actionCount = 4;
  readonly actionNames = ["left", "down", "right", "up"] as const;
  readonly observationSize: number;
  readonly observationShape: readonly number[];
  readonly maxEpisodeSteps: number;
  readonly rewardThreshold: number;
  readonly #map: readonly string[];
  readonly #slippery: boolean;
  readonly #size: number;
  readonly #result;
  /** Everything that changes: the random stream (4 words), the walker's row and column. */
  readonly #state = new Uint32Array(6);
  readonly #random = new RandomStream(this.#state.subarray(0, 4)).seed(0);

  constructor({ map = "4x4", slippery = true }: FrozenLakeOptions = {}) {
    this.#map = maps[map];
    this.#slippery = slippery;
    this.#size = this.#map.length;
    this.observationSize = this.#size * this.#size;
    this.observationShape = [this.#size, this.#size];
    this.maxEpisodeSteps = limits[map].steps;
    this.rewardThreshold = limits[map].threshold;
    const observation = new Float32Array(this.observationSize);
    this.#result = { observation, reward: 0, terminated: false, truncated: false };
  }

  reset(options: { readonly seed?: number } = {}): Float32Array {
    if (options.seed !== undefined) this.#random.seed(options.seed);
    this.#state.fill(0, 4);
    this.#observe();
    return this.#result.observation;
  }

  step(action: number): StepResult {
    return this.stepWith(action, this.#slippery ? this.#random.next() : 0);
  }

  /** Plays `action` with a given random number `draw` from [0, 1), as Gymnasium uses it. Ice that is not slippery ignores it. */
  stepWith(action: number, draw: number): StepResult {
    const state = this.#state;
    const last = this.#size - 1;
    const turn = !this.#slippery ? 0 : draw < turnsBefore ? 3 : draw < turnsAfter ? 0 : 1;
    let row = state[4]!;
    let column = state[5]!;
    switch ((action + turn) % 4) {
      case 0:
        if (column > 0) column--;
        break;
      case 1:
        if (row < last) row++;
        break;
      case 2:
        if (column < last) column++;
        break;
      default:
        if (row > 0) row--;
    }
    state[4] = row;
    state[5] = column;

    const cell = this.#map[row]![column];
    const result = this.#result;
    result.reward = cell === "G" ? 1 : 0;
    result.terminated = cell === "G" || cell === "H";
    this.#observe();
    return result;
  }

  #observe(): void {
    const { observation } = this.#result;
    observation.fill(0);
    observation[this.#state[4]! * this.#size + this.#state[5]!] = 1;
  }

  getState(): Uint8Array {
    return new Uint8Array(this.#state.slice().buffer);
  }

  setState(state: Uint8Array): void {
    const bytes = new Uint8Array(this.#state.buffer);
    if (state.length !== bytes.length) {
      throw new Error(`A state of FrozenLake has ${bytes.length} bytes, got ${state.length}.`);
    }
    bytes.set(state);
    this.#observe();
  }

  /** Draws the walker as @, holes as O, start and goal as S and G. */
  render(): string {
    const signs = { S: "S", F: "·", H: "O", G: "G" };
    const cells = this.#map.map((line) => [...line].map((cell) => signs[cell as "S"]));
    cells[this.#state[4]!]![this.#state[5]!] = "@";
    return cells.map((line) => line.join(" ")).join("\n");
  }
}

export default FrozenLake;

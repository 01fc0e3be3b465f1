import type { Environment, StepResult } from "../../environments/environment.ts";
import { RandomStream } from "../../numerics/random.ts";
import type { Picture } from "../../scenes/scene.ts";
import { gridPicture, type Mark, SIDE } from "./gridPicture.ts";

/** Actions of all games. A game ignores those without an effect. */
export const LEFT = 1;
export const UP = 2;
export const RIGHT = 3;
export const DOWN = 4;
export const FIRE = 5;

const actionNames = ["nothing", "left", "up", "right", "down", "fire"] as const;

/** Places in the state. The random stream has the first four; the game's numbers begin at `GAME`. */
const LAST_ACTION = 4;
const TERMINATED = 5;
export const GAME = 6;

export interface MinAtarOptions {
  /** Whether there are only the actions that have an effect, as in Gymnasium's `-v1`; false by default, as in `-v0`. */
  readonly minimalActions?: boolean;
  /** Probability that a step repeats the last action instead of the given one; 0.1 by default. */
  readonly stickyProbability?: number;
  /** Whether Asterix, Seaquest and Space Invaders become harder with time; true by default. */
  readonly ramping?: boolean;
}

/** Constants of a game. */
interface GameRules {
  /** Actions with an effect, and 0. */
  readonly minimalActions: readonly number[];
  /** Look of each channel. */
  readonly marks: readonly Mark[];
  /** Numbers of its state. */
  readonly stateSize: number;
}

/**
 * Common part of MinAtar's games (Young & Tian 2019): sticky actions, state and observation. The observation has a 1 for each object, at
 * (row, column, channel). Rules, order of events and random draws are those of test/golden/minatar/RULES.md.
 */
export abstract class MinAtarGame implements Environment {
  readonly observationShape: readonly number[];
  readonly observationSize: number;
  readonly observationType = "uint8";
  readonly actionCount: number;
  readonly actionNames: readonly string[];
  /** Everything that changes. Games keep their numbers from `GAME` on. */
  protected readonly state: Int32Array;
  protected readonly random: RandomStream;
  protected readonly ramping: boolean;
  readonly #stickyProbability: number;
  readonly #actions: Uint8Array;
  readonly #marks: readonly Mark[];
  readonly #observation: Uint8Array;
  readonly #result: { -readonly [Key in keyof StepResult]: StepResult[Key] };

  constructor({ marks, minimalActions, stateSize }: GameRules, options: MinAtarOptions) {
    const { ramping = true, stickyProbability = 0.1 } = options;
    if (!(stickyProbability >= 0 && stickyProbability <= 1)) {
      throw new Error(`stickyProbability must be between 0 and 1, got ${stickyProbability}.`);
    }
    this.ramping = ramping;
    this.#stickyProbability = stickyProbability;
    this.#actions = Uint8Array.from(options.minimalActions ? minimalActions : actionNames.keys());
    this.actionCount = this.#actions.length;
    this.actionNames = Array.from(this.#actions, (action) => actionNames[action]!);
    this.#marks = marks;
    this.observationShape = [SIDE, SIDE, marks.length];
    this.observationSize = SIDE * SIDE * marks.length;
    this.#observation = new Uint8Array(this.observationSize);
    this.#result = {
      observation: this.#observation,
      reward: 0,
      terminated: false,
      truncated: false,
    };
    this.state = new Int32Array(GAME + stateSize);
    this.random = new RandomStream(new Uint32Array(this.state.buffer, 0, 4)).seed(0);
  }

  /** Starts an episode. With a seed, the episode does not depend on earlier ones; without one, the last action can still repeat. */
  reset(options: { readonly seed?: number } = {}): Uint8Array {
    if (options.seed !== undefined) {
      this.random.seed(options.seed);
      this.state[LAST_ACTION] = 0;
    }
    this.state.fill(0, TERMINATED);
    this.start();
    this.#observe();
    return this.#observation;
  }

  step(action: number): StepResult {
    const { state } = this;
    const result = this.#result;
    if (this.random.next() >= this.#stickyProbability) state[LAST_ACTION] = this.#actions[action]!;
    result.reward = 0;
    if (state[TERMINATED] === 1) return result;
    result.reward = this.play(state[LAST_ACTION]!);
    this.#observe();
    return result;
  }

  /** Sets the game's numbers, which are 0, to those of an episode's start. */
  protected abstract start(): void;

  /** Plays a step with one of the six actions, and returns its reward. */
  protected abstract play(action: number): number;

  /** Writes the 1s of the current state into `observation`, which is all 0. */
  protected abstract draw(observation: Uint8Array): void;

  /** Ends the episode after this step. */
  protected end(): void {
    this.state[TERMINATED] = 1;
  }

  #observe(): void {
    this.#result.terminated = this.state[TERMINATED] === 1;
    this.#observation.fill(0);
    this.draw(this.#observation);
  }

  getState(): Uint8Array {
    return new Uint8Array(this.state.slice().buffer);
  }

  setState(state: Uint8Array): void {
    const bytes = new Uint8Array(this.state.buffer);
    if (state.length !== bytes.length) {
      throw new Error(
        `A state of this ${this.constructor.name} has ${bytes.length} bytes, got ${state.length}.`,
      );
    }
    bytes.set(state);
    this.#observe();
  }

  render(): Picture {
    return gridPicture(this.#observation, this.#marks);
  }
}

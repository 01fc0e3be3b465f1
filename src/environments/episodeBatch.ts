import type { Core } from "../kernels/core.ts";
import type { ClassicControl } from "./classicControl.ts";

/** Bytes per column: state (4 float64), force (float64), terminated (u32). The observations are a region of the network. */
export const episodeBytes = 44;

/** Columns per block: the width of the matrices is a multiple of this. */
const COLUMN_BLOCK = 8;

/**
 * Episodes of one environment that start and step together, one per column. Columns from `active` on are padding: they are stepped and
 * ignored. When an episode ends, the last active column moves into its place, and the matrices become narrower where possible.
 */
export class EpisodeBatch {
  /** Episodes that have not ended. */
  active = 0;
  /** Columns of the matrices. */
  width = 0;
  /** Steps since `start`. */
  elapsed = 0;
  /** Steps and return of each episode of the last `start`, in the order of their starts; valid once the episode has ended. */
  readonly lengths: Uint32Array;
  readonly returns: Float64Array;
  /** 1 for each episode that `cutOff` ended, else 0. */
  readonly capped: Uint8Array;
  readonly #core: Core;
  readonly #environment: ClassicControl;
  readonly #statePtr: number;
  readonly #observationPtr: number;
  readonly #states: Float64Array;
  readonly #observations: Float32Array;
  readonly #forces: Float64Array;
  readonly #terminated: Uint32Array;
  /** Number of the episode in each column. */
  readonly #episodes: Uint32Array;
  /** Force of each action. */
  readonly #forceOf: Float64Array;

  /**
   * @param environment draws the initial states; its own state changes
   * @param columns maximum number of episodes, a multiple of 8
   * @param ptr byte offset of `columns` times `episodeBytes` bytes
   * @param observationPtr byte offset of the observations (observationSize, width), at most `columns` wide
   */
  constructor(
    core: Core,
    environment: ClassicControl,
    columns: number,
    ptr: number,
    observationPtr: number,
  ) {
    const { buffer } = core;
    const { actionCount, observationSize, task } = environment;
    this.lengths = new Uint32Array(columns);
    this.returns = new Float64Array(columns);
    this.capped = new Uint8Array(columns);
    this.#core = core;
    this.#environment = environment;
    this.#statePtr = ptr;
    this.#observationPtr = observationPtr;
    this.#states = new Float64Array(buffer, ptr, 4 * columns);
    this.#observations = new Float32Array(buffer, observationPtr, observationSize * columns);
    this.#forces = new Float64Array(buffer, ptr + 32 * columns, columns);
    this.#terminated = new Uint32Array(buffer, ptr + 40 * columns, columns);
    this.#episodes = new Uint32Array(columns);
    this.#forceOf = Float64Array.from({ length: actionCount }, (_, k) => task.force(k));
  }

  /** Starts `count` episodes, with the initial states that the environment draws next. `seed` seeds it before the first. */
  start(count: number, seed?: number): void {
    const { observationSize, state, task } = this.#environment;
    const width = Math.ceil(count / COLUMN_BLOCK) * COLUMN_BLOCK;
    this.active = count;
    this.width = width;
    this.elapsed = 0;
    this.capped.fill(0);
    this.#states.fill(0);
    this.#observations.fill(0);
    this.#forces.fill(0);
    for (let k = 0; k < count; k++) {
      const first = k === 0 && seed !== undefined;
      const observation = this.#environment.reset(first ? { seed } : undefined);
      for (let row = 0; row < task.stateSize; row++) this.#states[row * width + k] = state[row]!;
      for (let row = 0; row < observationSize; row++) {
        this.#observations[row * width + k] = observation[row]!;
      }
      this.#episodes[k] = k;
    }
  }

  /** Sets the action of a column for the next step. */
  act(column: number, action: number): void {
    this.#forces[column] = this.#forceOf[action]!;
  }

  /** Steps all columns. Ends the episodes that terminated, and at the time limit all of them. */
  step(): void {
    const { maxEpisodeSteps, task } = this.#environment;
    this.elapsed++;
    const ended = this.#core.kernels[task.kernel](
      this.#statePtr,
      this.#observationPtr,
      this.#terminated.byteOffset,
      this.#forces.byteOffset,
      this.width,
    );
    if (this.elapsed >= maxEpisodeSteps) this.#endAll(0);
    else if (ended > 0) this.#removeTerminated();
  }

  /** Ends the active episodes before their end. */
  cutOff(): void {
    this.#endAll(1);
  }

  #endAll(capped: 0 | 1): void {
    for (let column = 0; column < this.active; column++) {
      this.#end(column);
      this.capped[this.#episodes[column]!] = capped;
    }
    this.active = 0;
  }

  #end(column: number): void {
    const { lastReward, reward } = this.#environment.task;
    const episode = this.#episodes[column]!;
    this.lengths[episode] = this.elapsed;
    const last = this.#terminated[column] === 1 ? lastReward : reward;
    this.returns[episode] = (this.elapsed - 1) * reward + last;
  }

  #removeTerminated(): void {
    const { observationSize, task } = this.#environment;
    // Downwards, so that the column that moves is one that has not ended.
    for (let column = this.active - 1; column >= 0; column--) {
      if (this.#terminated[column] === 0) continue;
      this.#end(column);
      this.active--;
      this.#episodes[column] = this.#episodes[this.active]!;
      this.#terminated[column] = 0;
      this.#move(this.#states, task.stateSize, column);
      this.#move(this.#observations, observationSize, column);
    }
    const width = Math.ceil(this.active / COLUMN_BLOCK) * COLUMN_BLOCK;
    if (width === this.width) return;
    this.#narrow(this.#states, task.stateSize, width);
    this.#narrow(this.#observations, observationSize, width);
    this.width = width;
  }

  /** Moves the column after the active ones to `column` and fills it with zeros. */
  #move(matrix: Float32Array | Float64Array, rows: number, column: number): void {
    for (let row = 0; row < rows; row++) {
      const start = row * this.width;
      matrix[start + column] = matrix[start + this.active]!;
      matrix[start + this.active] = 0;
    }
  }

  /** Keeps the first `width` columns. */
  #narrow(matrix: Float32Array | Float64Array, rows: number, width: number): void {
    for (let row = 1; row < rows; row++) {
      const start = row * this.width;
      matrix.copyWithin(row * width, start, start + width);
    }
  }
}

import { UsageError } from "../errors.ts";
import { regionView } from "../network/arena.ts";
import type { TrainingRegions } from "./trainingRegions.ts";

/** Numbers in the region `stateCounts`: stored states, row of the next state, dropped transitions. */
export const STATE_COUNTS = 3;

/** Rows are stored as float32, which has all whole numbers up to this one. */
const MAX_ROWS = 2 ** 24;

/** Bytes from one state to the next: a multiple of 4, for the kernel `gatherBytes`. */
export const stateStride = (observationSize: number) => Math.ceil(observationSize / 4) * 4;

/**
 * Upper bound of the states that are written between the first states of two transitions of which the replay buffer stored the later one
 * first. A step writes at most two states. A transition is complete after n steps of its environment, or earlier if the episode ends.
 * @param pendingSteps n times the number of environments
 */
const disorder = (pendingSteps: number) => 2 * (pendingSteps + 1);

/**
 * Bytes of a ring for all states of `bufferSize` transitions. A truncated episode needs one state more than it has transitions. There is
 * room for one such episode per 128 transitions.
 * @throws UsageError for more states than float32 can count
 */
export function stateRingBytes(
  bufferSize: number,
  pendingSteps: number,
  observationSize: number,
): number {
  const rows = bufferSize + 2 * disorder(pendingSteps) + (bufferSize >> 7);
  if (rows > MAX_ROWS) {
    throw new UsageError(
      `bufferSize must be at most 16,000,000 with uint8 observations, got ${bufferSize}.`,
    );
  }
  return (rows + 1) * stateStride(observationSize);
}

/**
 * States of bytes in a ring buffer. Each is stored once: transitions refer to its row, as their observation and as the next observation of
 * an earlier step. The last row is a state of zeros.
 */
export class StateRing {
  /** Row of the zeros. */
  readonly zeros: number;
  readonly #bytes: Uint8Array;
  readonly #stride: number;
  readonly #disorder: number;
  readonly #counts: Uint32Array;

  constructor(buffer: ArrayBuffer, { replay, shape, state, transition }: TrainingRegions) {
    this.#bytes = regionView(buffer, replay.states);
    this.#stride = stateStride(shape.observationSize);
    this.#disorder = disorder(state.pending.length / (transition.nextObservation + 2));
    this.#counts = regionView(buffer, state.stateCounts);
    this.zeros = this.#bytes.length / this.#stride - 1;
  }

  /** Oldest transitions that lost a state before they were overwritten. */
  get dropped(): number {
    return this.#counts[2]!;
  }

  set dropped(count: number) {
    this.#counts[2] = count;
  }

  /** Whether the next state may overwrite a state of the transition that begins in `row`, or of a later transition. */
  isEnding(row: number): boolean {
    const rows = this.zeros;
    const counts = this.#counts;
    return counts[0] === rows && (row - counts[1]! + rows) % rows <= this.#disorder;
  }

  /** Copies a state into the next row. Returns the row. */
  store(observation: ArrayLike<number>): number {
    const counts = this.#counts;
    const row = counts[1]!;
    this.#bytes.set(observation, row * this.#stride);
    counts[1] = row + 1 === this.zeros ? 0 : row + 1;
    if (counts[0]! < this.zeros) counts[0]!++;
    return row;
  }

  /** The stored states, with the padding of each row. */
  get states(): Uint8Array {
    return this.#bytes.subarray(0, this.#counts[0]! * this.#stride);
  }
}

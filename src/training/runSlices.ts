import { refuseDivergence } from "./divergence.ts";
import type { Training } from "./training.ts";
import { yieldToEventLoop } from "./yieldToEventLoop.ts";

export interface SliceOptions {
  /** Milliseconds of a slice; 8 unless given, half of a frame at 60 Hz. */
  readonly milliseconds?: number;
  /** Asked after each piece of work, as by `Training.learn`: true ends the slices there. */
  readonly stop?: () => boolean;
  /** Slices from one `check` to the next; 100 unless given. */
  readonly slicesPerCheck?: number;
  /** Called every so many slices and when the run is finished; throws if it must not continue. Unless given, a RunError where it diverged. */
  readonly check?: (training: Training) => void;
  /** Called after each slice and its check, with the milliseconds that the slice took. */
  readonly onSlice?: (milliseconds: number) => void;
}

/**
 * Trains in slices, and yields to the event loop after each, until the run is finished or `stop` returns true.
 * @throws whatever `check` or `onSlice` throws
 */
export async function runSlices(training: Training, options: SliceOptions = {}): Promise<void> {
  const { check = refuseDivergence, milliseconds = 8, onSlice } = options;
  const { slicesPerCheck = 100, stop = () => false } = options;
  for (let slice = 1, over = false; !over; slice++) {
    const start = performance.now();
    over = training.learn({ milliseconds, stop });
    const elapsed = performance.now() - start;
    if (over || slice % slicesPerCheck === 0) check(training);
    onSlice?.(elapsed);
    await yieldToEventLoop();
    over ||= stop();
  }
}

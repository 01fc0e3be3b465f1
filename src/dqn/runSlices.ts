import { refuseDivergence } from "./divergence.ts";
import type { Training } from "./training.ts";
import { yieldToEventLoop } from "./yieldToEventLoop.ts";

export interface SliceOptions {
  /** Duration of a slice; default 8, half of a frame at 60 Hz. */
  readonly milliseconds?: number;
  /** Stops the slices when it returns true; see `Training.learn`. */
  readonly stop?: () => boolean;
  /** Skips the divergence check, which is made after every 100th slice and after the last one; default false. */
  readonly mayDiverge?: boolean;
  /** Called with the duration of each slice, before its divergence check. */
  readonly onSlice?: (milliseconds: number) => void;
}

/**
 * Trains in slices until the run is finished or `stop` returns true. Yields to the event loop after each slice.
 * @throws RunError if the training diverges; any error that `onSlice` throws
 */
export async function runSlices(training: Training, options: SliceOptions = {}): Promise<void> {
  const { mayDiverge, milliseconds = 8, onSlice, stop = () => false } = options;
  for (let slice = 1, over = stop(); !over; slice++) {
    const start = performance.now();
    over = training.learn({ milliseconds, stop });
    onSlice?.(performance.now() - start);
    if (!mayDiverge && (over || slice % 100 === 0)) refuseDivergence(training);
    await yieldToEventLoop();
    over ||= stop();
  }
}

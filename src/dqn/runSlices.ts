import { refuseDivergence } from "./divergence.ts";
import type { Training } from "./training.ts";
import { yieldToEventLoop } from "./yieldToEventLoop.ts";

export interface SliceOptions {
  /** Milliseconds of a slice; 8 unless given, half of a frame at 60 Hz. */
  readonly milliseconds?: number;
  /** Asked after each piece of work, as by `Training.learn`: true ends the slices there. */
  readonly stop?: () => boolean;
  /** Whether every 100th slice and the last may end in divergence; false unless given. */
  readonly mayDiverge?: boolean;
  /** Called after each slice with the milliseconds that it took, before its divergence check. */
  readonly onSlice?: (milliseconds: number) => void;
}

/**
 * Trains in slices, and yields to the event loop after each, until the run is finished or `stop` returns true.
 * @throws RunError if the training diverges, whatever `onSlice` throws
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

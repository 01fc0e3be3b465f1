import { refuseDivergence } from "./divergence.ts";
import type { Training } from "./training.ts";
import { yieldToEventLoop } from "./yieldToEventLoop.ts";

export interface SliceOptions {
  /** Milliseconds of a slice; 8 unless given, half of a frame at 60 Hz. */
  readonly milliseconds?: number;
  /** Asked after each piece of work: true ends the training there. */
  readonly stop?: () => boolean;
  /** Asked after each piece of work: true ends the slice there, for what must happen at a certain step. */
  readonly sliceEnds?: () => boolean;
  /** Slices from one divergence check to the next; 100 unless given. */
  readonly slicesPerCheck?: number;
  /** @throws if the run must not continue; unless given, a RunError where it has diverged. It reads every weight. */
  readonly check?: () => void;
  /** Called after each slice and its check, with the milliseconds that the slice took. */
  readonly onSlice?: (milliseconds: number) => void;
}

const no = () => false;

/**
 * Trains in slices until the run is finished or `stop` says so, and yields to the event loop after each slice.
 * @throws whatever `check` throws, every so many slices and when the run is finished
 */
export async function runSlices(training: Training, options: SliceOptions = {}): Promise<void> {
  const { check = () => refuseDivergence(training), milliseconds = 8, onSlice } = options;
  const { sliceEnds = no, slicesPerCheck = 100, stop = no } = options;
  for (let slice = 1; !training.finished && !stop(); slice++) {
    const start = performance.now();
    while (!training.work() && !stop() && !sliceEnds()) {
      if (performance.now() - start >= milliseconds) break;
    }
    const elapsed = performance.now() - start;
    if (training.finished || slice % slicesPerCheck === 0) check();
    onSlice?.(elapsed);
    if (!training.finished) await yieldToEventLoop();
  }
}

import { median } from "../numerics/statistics.ts";

/** Work to time, repeated `times` times per call. */
export type Work = (times: number) => void;

const SAMPLE_MILLISECONDS = 15;
const WARM_UP_MILLISECONDS = 60;

function time(work: Work, times: number): number {
  const start = performance.now();
  work(times);
  return performance.now() - start;
}

/** Warms the work up and returns the number of repetitions that makes one sample long enough to time. */
function calibrate(work: Work): number {
  let times = 1;
  let spent = 0;
  for (;;) {
    const milliseconds = time(work, times);
    spent += milliseconds;
    if (spent >= WARM_UP_MILLISECONDS) {
      return Math.max(1, Math.round((times * SAMPLE_MILLISECONDS) / Math.max(milliseconds, 1e-3)));
    }
    if (milliseconds < SAMPLE_MILLISECONDS) times *= 2;
  }
}

/**
 * Times several works, interleaved: after a warm-up, each gets one sample in turn, `rounds` times. A disturbance of the
 * machine then hits all of them. Returns the samples of each work, in microseconds of one repetition.
 */
export function sampleInterleaved(works: readonly Work[], rounds: number): number[][] {
  const times = works.map(calibrate);
  const samples: number[][] = works.map(() => []);
  for (let round = 0; round < rounds; round++) {
    works.forEach((work, k) => {
      samples[k]!.push((1000 * time(work, times[k]!)) / times[k]!);
    });
  }
  return samples;
}

/** Returns the median of each work's samples, in microseconds of one repetition. */
export function measureInterleaved(works: readonly Work[], rounds: number): number[] {
  return sampleInterleaved(works, rounds).map(median);
}

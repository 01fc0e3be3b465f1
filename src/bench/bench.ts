import { supportsWasm } from "../kernels/core.ts";
import type { Backend } from "../kernels/kernels.ts";
import { median } from "../numerics/statistics.ts";
import { machineName } from "./machine.ts";
import { sampleInterleaved } from "./measure.ts";
import { MOST_OF_PEAK, makePeak } from "./peak.ts";
import { type Spread, spreadOfRatios } from "./spread.ts";
import { type Workload, workloads } from "./workloads.ts";

/** The measured backends: all that the engine supports. The others are compared with the first. */
function benchBackends(): readonly Backend[] {
  return supportsWasm("wasm-fma") ? ["wasm", "js", "wasm-fma"] : ["wasm", "js"];
}

/** Speed of one backend in one workload. */
export interface BackendSpeed {
  readonly backend: Backend;
  readonly microseconds: number;
  readonly gflops: number | null;
  /** Time of this backend divided by the time of the first. */
  readonly ratio: Spread;
}

export interface BenchRow {
  readonly name: string;
  readonly backends: readonly BackendSpeed[];
  /** Fraction of the multiply-add peak that the first backend reaches; null if it is unknown. */
  readonly peakFraction: Spread | null;
}

export interface BenchReport {
  readonly machine: string;
  readonly node: string;
  /** Median of all samples; null if the measurement failed. */
  readonly peakGflops: number | null;
  /** A sentence; null if the measurement of the peak succeeded. */
  readonly peakFailure: string | null;
  readonly rows: readonly BenchRow[];
}

/** Samples per backend: enough for the 5th and the 95th percentile. */
const ROUNDS = 31;

/** A row, and the samples of the peak that were taken between its own, in GFLOP/s. */
interface MeasuredRow {
  readonly row: BenchRow;
  readonly peaks: readonly number[];
}

function measureRow({ make, name, operations }: Workload, backends: readonly Backend[]) {
  const peak = makePeak();
  const works = backends.map((backend) => make(backend));
  if (operations !== null) works.push(peak.work);
  const samples = sampleInterleaved(works, ROUNDS);
  const [first = []] = samples;
  const gflopsOf = (count: number, times: readonly number[]) =>
    times.map((microseconds) => count / microseconds / 1000);
  const speeds = backends.map((backend, k): BackendSpeed => {
    const microseconds = median(samples[k]!);
    return {
      backend,
      microseconds,
      gflops: operations === null ? null : operations / microseconds / 1000,
      ratio: spreadOfRatios(samples[k]!, first),
    };
  });
  const peaks = operations === null ? [] : gflopsOf(peak.operations, samples.at(-1)!);
  const peakFraction =
    operations === null ? null : spreadOfRatios(gflopsOf(operations, first), peaks);
  return { row: { name, backends: speeds, peakFraction }, peaks } satisfies MeasuredRow;
}

/** Makes the report. A share above 102% proves that the peak was measured too low: then it leaves out the peak and all shares. */
export function reportOf(measured: readonly MeasuredRow[]): BenchReport {
  const rows = measured.map(({ row }) => row);
  const share = (row: BenchRow) => row.peakFraction?.high ?? 0;
  const machine = { machine: machineName(), node: process.version };
  const fastest = rows.toSorted((a, b) => share(b) - share(a))[0];
  if (fastest === undefined || share(fastest) <= MOST_OF_PEAK) {
    const peakGflops = median(measured.flatMap(({ peaks }) => peaks));
    return { ...machine, peakGflops, peakFailure: null, rows };
  }
  return {
    ...machine,
    peakGflops: null,
    peakFailure: `The measurement of the peak failed: "${fastest.name}" ran at ${Math.round(100 * share(fastest))}% of it. No share of the peak is shown.`,
    rows: rows.map((row) => ({ ...row, peakFraction: null })),
  };
}

/** Runs every workload on all backends, interleaved in this process, and calls `onRow` after each. */
export function bench(onRow: (name: string, done: number, of: number) => void): BenchReport {
  const backends = benchBackends();
  const measured = workloads.map((workload, k) => {
    const row = measureRow(workload, backends);
    onRow(workload.name, k + 1, workloads.length);
    return row;
  });
  return reportOf(measured);
}

import { readFileSync } from "node:fs";
import { packageFile } from "../runs/packageVersion.ts";
import { machineName } from "./machine.ts";
import { measureInterleaved, type Work } from "./measure.ts";
import { workloads } from "./workloads.ts";

export interface BenchRow {
  readonly name: string;
  readonly wasmMicroseconds: number;
  readonly jsMicroseconds: number;
  /** Time of js divided by time of wasm. */
  readonly ratio: number;
  readonly gflops: number | null;
  readonly jsGflops: number | null;
  /** Fraction of the multiply-add peak of the same run that wasm reaches. */
  readonly peakFraction: number | null;
}

export interface BenchReport {
  readonly machine: string;
  readonly node: string;
  readonly peakGflops: number;
  readonly rows: readonly BenchRow[];
}

const ROUNDS = 9;
const PEAK_ROUNDS = 2000;
/** Floating-point operations in one round of `multiplyAddPeak`. */
const OPERATIONS_PER_ROUND = 832;

/** Measures the GFLOP/s of a loop of vector multiply-adds. */
export function peakGflops(): number {
  const [microseconds = Number.NaN] = measureInterleaved([peakWork()], ROUNDS);
  return (PEAK_ROUNDS * OPERATIONS_PER_ROUND) / microseconds / 1000;
}

function peakWork(): Work {
  const bytes = readFileSync(packageFile("build/peak.wasm"));
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  const multiplyAddPeak = exports.multiplyAddPeak as (rounds: number) => number;
  return (times) => {
    for (let k = 0; k < times; k++) multiplyAddPeak(PEAK_ROUNDS);
  };
}

/** Runs every workload on both backends, interleaved in this process, and calls `onRow` after each. */
export function bench(onRow: (row: BenchRow, done: number, of: number) => void): BenchReport {
  const peak = peakGflops();
  const rows = workloads.map(({ make, name, operations }, k) => {
    const [wasm = Number.NaN, js = Number.NaN] = measureInterleaved(
      [make("wasm"), make("js")],
      ROUNDS,
    );
    const gflops = (microseconds: number) =>
      operations === null ? null : operations / microseconds / 1000;
    const row = {
      name,
      wasmMicroseconds: wasm,
      jsMicroseconds: js,
      ratio: js / wasm,
      gflops: gflops(wasm),
      jsGflops: gflops(js),
      peakFraction: operations === null ? null : operations / wasm / 1000 / peak,
    };
    onRow(row, k + 1, workloads.length);
    return row;
  });
  return { machine: machineName(), node: process.version, peakGflops: peak, rows };
}

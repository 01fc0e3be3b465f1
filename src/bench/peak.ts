import { readFileSync } from "node:fs";
import { packageFile } from "../runs/packageVersion.ts";
import { measureInterleaved, type Work } from "./measure.ts";

interface PeakExports {
  readonly operationsPerRound: WebAssembly.Global;
  fillValues(): void;
  multiplyAddPeak(rounds: number): number;
}

const ROUNDS = 200;
const SAMPLES = 9;

/** Largest share of the peak that is believed. Above it, the peak was measured too low. */
export const MOST_OF_PEAK = 1.02;

/** The multiply-add loop of `assembly/peak.ts`, and the floating-point operations of one repetition. */
export function makePeak(): { readonly work: Work; readonly operations: number } {
  const bytes = readFileSync(packageFile("build/peak.wasm"));
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  const { fillValues, multiplyAddPeak, operationsPerRound } = exports as unknown as PeakExports;
  fillValues();
  return {
    work: (times) => {
      for (let k = 0; k < times; k++) multiplyAddPeak(ROUNDS);
    },
    operations: ROUNDS * Number(operationsPerRound.value),
  };
}

/** Measures the GFLOP/s of the multiply-add loop. */
export function peakGflops(): number {
  const { operations, work } = makePeak();
  const [microseconds = Number.NaN] = measureInterleaved([work], SAMPLES);
  return operations / microseconds / 1000;
}

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { RunError } from "../errors.ts";
import { regionView } from "../network/arena.ts";
import { filledAgent, type TrainingStep } from "./workloads.ts";

/** A build of native.c. Its compiler flags must give vectors of `width` floats, also where gcc vectorises a loop. */
export interface NativeBuild {
  readonly name: string;
  readonly width: 4 | 8;
  readonly flags: readonly string[];
}

const isIntel = process.arch === "x64";

export const nativeBuilds: readonly NativeBuild[] = [
  {
    name: "C 128-bit",
    width: 4,
    // WebAssembly has no fused multiply-add, and V8 uses AVX's encoding of 128-bit instructions.
    flags: [
      "-ffp-contract=off",
      ...(isIntel ? ["-mavx", "-mprefer-vector-width=128", "-mno-recip"] : []),
    ],
  },
  // Division is faster than the approximate reciprocal and its correction.
  { name: "C AVX2", width: 8, flags: ["-mavx2", "-mfma", "-mno-recip"] },
];

function hasAvx2(): boolean {
  const file = "/proc/cpuinfo";
  const flags = isIntel && existsSync(file) ? readFileSync(file, "utf8") : "";
  return /\bfma\b/.test(flags) && /\bavx2\b/.test(flags);
}

/** Compiles native.c into `folder`. Returns the executable's path. @throws RunError if it cannot run on this machine */
export function buildNative(source: string, { flags, width }: NativeBuild, folder: string): string {
  if (width === 8 && !hasAvx2()) throw new RunError("this processor has no AVX2 with FMA.");
  mkdirSync(folder, { recursive: true });
  const executable = join(folder, `native${width}`);
  const optimization = ["-O3", "-ffast-math", ...flags, `-DWIDTH=${width}`];
  const { error, status, stderr } = spawnSync(
    "gcc",
    [...optimization, source, "-o", executable, "-lm"],
    { encoding: "utf8" },
  );
  if (error !== undefined) throw new RunError("gcc is not installed.");
  if (status !== 0) {
    const reason = stderr.split("\n").find((line) => line.includes("error"));
    throw new RunError(`gcc failed: ${reason ?? `exit code ${status}`}`);
  }
  return executable;
}

/** Updates whose losses are compared. */
const UPDATES = 20;
/** Greatest relative difference of two losses: the order of sums and fused multiply-adds differ. */
const TOLERANCE = 1e-4;

/** Input of native.c: random stream, replay buffer, parameters. And the losses that wasm-dqn gets from them. */
export function nativeCase({ activation, batchSize, hiddenSizes }: TrainingStep) {
  const { agent, buffer, plan } = filledAgent("wasm", hiddenSizes, activation, batchSize);
  const { parameters, state } = plan;
  const tensors = parameters.tensors.map(
    ({ length, offset }) => new Float32Array(buffer, state.online.offset + offset, length),
  );
  const parts = [regionView(buffer, state.replayStream), ...agent.replay.transitions(), ...tensors];
  const input = Buffer.concat(
    parts.map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength)),
  );
  const losses = Array.from({ length: UPDATES }, () => {
    agent.learn();
    return agent.loss;
  });
  return { input, losses };
}

/** Runs a step in C. @throws RunError if its losses differ from `losses` */
export function runNative(
  executable: string,
  { activation, batchSize, hiddenSizes }: TrainingStep,
  { input, losses }: ReturnType<typeof nativeCase>,
): { readonly losses: readonly number[]; readonly microseconds: number } {
  const sizes = [4, ...hiddenSizes, 2];
  const numbers = [batchSize, losses.length, ...sizes].map(String);
  const { status, stdout } = spawnSync(executable, [activation, ...numbers], {
    input,
    encoding: "utf8",
  });
  const printed = stdout.trim().split("\n").map(Number);
  const microseconds = printed.pop() ?? Number.NaN;
  if (status !== 0 || printed.length !== losses.length) {
    throw new RunError(`native.c failed with exit code ${status}.`);
  }
  losses.forEach((loss, k) => {
    if (Math.abs(printed[k]! - loss) <= TOLERANCE * loss) return;
    throw new RunError(
      `native.c does other work: the loss of update ${k + 1} is ${printed[k]}, expected ${loss}.`,
    );
  });
  return { losses: printed, microseconds };
}

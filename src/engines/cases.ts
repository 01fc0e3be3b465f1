import { type Config, defaults } from "../config/config.ts";
import { recipeConfig } from "../config/recipes.ts";
import { Training } from "../dqn/training.ts";
import { findGame } from "../games/builtInGames.ts";
import { coreModule } from "../kernels/core.ts";
import type { Backend } from "../kernels/kernels.ts";

/** Backends with equal sums. */
export const exactBackends: readonly Backend[] = ["wasm", "js"];

/** All backends. `wasm-fma` has separate sums. */
export const backends: readonly Backend[] = [...exactBackends, "wasm-fma"];

/** Exactly 20,000 steps where a case says nothing else, without evaluations, which do not change the weights. */
const whole = {
  seed: 1,
  totalSteps: 20_000,
  totalEpisodes: null,
  solvedBy: "none",
  evalEvery: null,
} as const satisfies Partial<Config>;

/** The runs that every engine trains: two recipes, one configuration that combines most other options, and two on a grid. */
export const cases: Readonly<Record<string, Config>> = {
  solve: { ...recipeConfig("solve"), ...whole },
  "tanh-64": { ...recipeConfig("tanh-64"), ...whole },
  combined: {
    ...defaults,
    ...whole,
    env: "Acrobot-v1",
    observationNoise: 0.01,
    hiddenSizes: [30, 17],
    batchNorm: true,
    dueling: true,
    doubleQ: true,
    nSteps: 3,
    prioritized: true,
    priorityBetaSteps: 20_000,
    bufferSize: 5_000,
    batchSize: 13,
    learningStarts: 500,
    trainFrequency: 2,
    maxGradNorm: 0.5,
    targetUpdateInterval: 1,
    tau: 0.01,
    explorationSchedule: "exponential",
    explorationSteps: 3_000,
  },
  grid: {
    ...recipeConfig("minatar-dqn"),
    ...whole,
    totalSteps: 2_000,
    convFilters: [5, 6],
    padding: "same",
    hiddenSizes: [18],
    bufferSize: 1_000,
    batchSize: 12,
    learningStarts: 500,
    trainFrequency: 4,
    targetUpdateInterval: 50,
    explorationSteps: 1_000,
  },
  pqn: {
    ...recipeConfig("minatar-pqn"),
    ...whole,
    env: "MinAtar/Asterix-v0",
    totalSteps: 4_096,
    numEnvs: 8,
    numSteps: 16,
    numMinibatches: 4,
    convFilters: [6],
    stride: 2,
    hiddenSizes: [18],
    learningRateSteps: 4_096,
    explorationSteps: 2_000,
  },
};

/** A finished run, its arrays as little-endian bytes in hexadecimal. */
export interface RunLine {
  readonly name: string;
  readonly backend: Backend;
  /** float32, all tensors in the order of the policy file. */
  readonly weights: string;
  /** float64 priorities of the replay buffer; empty without prioritised replay. A wrong last bit appears here earlier than in the weights. */
  readonly priorities: string;
}

/** In place of the runs of a backend: why its sums would not be comparable. */
export interface SkippedBackend {
  readonly backend: Backend;
  readonly skipped: string;
}

/** Returns why the sums of `wasm-fma` are not comparable here; null if they are. */
export function fmaObstacle(): string | null {
  let module: WebAssembly.Module;
  try {
    module = coreModule("wasm-fma");
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError)) throw error;
    return "this engine has no relaxed SIMD";
  }
  const memory = new WebAssembly.Memory({ initial: 0 });
  const { isFused } = new WebAssembly.Instance(module, { env: { memory } }).exports as {
    isFused(one: number): number;
  };
  return isFused(1) === 1 ? null : "this engine or processor does not fuse relaxed_madd";
}

function hexadecimal({ buffer, byteLength, byteOffset }: Float32Array | Float64Array): string {
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Trains one case on one backend. */
export function runCase(name: string, backend: Backend): RunLine {
  const config = cases[name]!;
  const training = new Training({ ...config, backend }, {}, findGame(config.env));
  while (!training.advance(10_000));
  const weights = training.weights().map(({ values }) => hexadecimal(values));
  const priorities = hexadecimal(training.agent.replay.priorities());
  return { name, backend, weights: weights.join(""), priorities };
}

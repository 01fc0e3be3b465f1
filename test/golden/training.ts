import { readFileSync } from "node:fs";

type Nested = number | readonly Nested[];

/** Tensors of a network as nested lists, by the generator's names. */
export type GoldenTensors = Record<string, Nested>;

/** Numbers of a tensor in memory order. */
export function numbersOf(values: Nested): number[] {
  return typeof values === "number" ? [values] : values.flatMap(numbersOf);
}

/** A training case computed by PyTorch, as described in test/golden/README.md. */
export interface GoldenTraining {
  net: {
    sizes: number[];
    act: "tanh" | "relu";
    batchnorm: boolean;
    dueling: boolean;
    layernorm?: boolean;
    grid?: {
      shape: number[];
      filters: number[];
      kernel: number;
      stride: number;
      padding: "valid" | "same";
    };
  };
  loss: string;
  optimizer: { kind: "adam" | "rmsprop" | "sgd"; lr: number };
  grad_clamp: number | null;
  double_dqn: boolean;
  gamma: number;
  soft_update_tau: number | null;
  batch: { s: number[][]; a: number[]; r: number[]; ns: number[][]; done: number[] };
  init: GoldenTensors;
  init_target: GoldenTensors;
  init_buffers?: GoldenTensors;
  init_target_buffers?: GoldenTensors;
  float64: GoldenRun;
}

export interface GoldenRun {
  losses: number[];
  step1: { grads: GoldenTensors; grads_after_clamp?: GoldenTensors };
  params_after_1: GoldenTensors;
  params_after_5: GoldenTensors;
  buffers_after_1?: GoldenTensors;
  buffers_after_5?: GoldenTensors;
  target_after_1?: GoldenTensors;
  target_after_5?: GoldenTensors;
}

export function goldenTraining(name: string): GoldenTraining {
  const path = new URL(`train_${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(path, "utf8")) as GoldenTraining;
}

/** The generator counts hidden layers `fc.0`, `fc.1` and calls the last `out`; ours are `fc1`, `fc2`, ... `fcN`. */
export function ourName(name: string, layers: number): string {
  return name
    .replace(/^fc\.(\d+)/, (_, k: string) => `fc${Number(k) + 1}`)
    .replace(/^(bn|ln|conv)\.(\d+)/, (_, kind: string, k: string) => `${kind}${Number(k) + 1}`)
    .replace(/^out/, `fc${layers}`)
    .replace(/^V/, "value")
    .replace(/^A/, "advantage");
}

import { UsageError } from "../errors.ts";
import { type Core, createCore } from "../kernels/core.ts";
import type { Backend } from "../kernels/kernels.ts";
import { CartPole, cartPoleBytes } from "./cartPole.ts";
import type { Environment } from "./environment.ts";

/** What is known of a built-in environment before one is made. */
export interface EnvironmentSpec {
  readonly id: string;
  readonly observationSize: number;
  readonly actionCount: number;
  /** Episodes are truncated after this many steps. */
  readonly maxEpisodeSteps: number;
  /** Mean return over 100 episodes from which Gymnasium counts it as solved. */
  readonly rewardThreshold: number;
  /** No episode returns more than this. */
  readonly maxReturn: number;
  /** Bytes it needs of the core's memory. */
  readonly bytes: number;
  make(core: Core, ptr: number): Environment;
}

const specs: readonly EnvironmentSpec[] = [
  {
    id: "CartPole-v1",
    observationSize: 4,
    actionCount: 2,
    maxEpisodeSteps: 500,
    rewardThreshold: 475,
    maxReturn: 500,
    bytes: cartPoleBytes,
    make: (core, ptr) => new CartPole(core, ptr, 500),
  },
];

/** The ids of the built-in environments. */
export const environmentIds: readonly string[] = specs.map((spec) => spec.id);

/** @throws UsageError if there is no such built-in environment. */
export function environmentSpec(id: string): EnvironmentSpec {
  const spec = specs.find((candidate) => candidate.id === id);
  if (spec === undefined) {
    throw new UsageError(`env must be one of ${environmentIds.join(", ")}, got "${id}".`);
  }
  return spec;
}

/**
 * Makes a built-in environment with a small memory of its own.
 * @throws UsageError if there is no such environment.
 */
export function makeEnvironment(id: string, backend: Backend = "wasm"): Environment {
  const spec = environmentSpec(id);
  return spec.make(createCore(backend, spec.bytes), 0);
}

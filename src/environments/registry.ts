import { refuseUnless, refuseUnlessObject, UsageError } from "../errors.ts";
import { type Core, createCore } from "../kernels/core.ts";
import type { Backend } from "../kernels/kernels.ts";
import { Acrobot } from "./acrobot.ts";
import { CartPole, type CartPoleOptions } from "./cartPole.ts";
import { classicControlBytes } from "./classicControl.ts";
import type { Environment } from "./environment.ts";
import { FrameStack } from "./frameStack.ts";
import { MountainCar } from "./mountainCar.ts";
import { ObservationNoise } from "./observationNoise.ts";
import { TimeLimit } from "./timeLimit.ts";

/** How an environment differs from the one its id names. */
export interface EnvironmentOptions extends CartPoleOptions {
  /** Episodes are truncated after so many steps; 0 for never, null for the environment's own limit. */
  readonly maxEpisodeSteps: number | null;
  /** Observations that are stacked into one; 1 for none. */
  readonly frameStack: number;
  /** Amplitude of the noise on every number of an observation. */
  readonly observationNoise: number;
}

export const plainEnvironment: EnvironmentOptions = {
  maxEpisodeSteps: null,
  frameStack: 1,
  observationNoise: 0,
  forceNoise: 0,
  targetPosition: null,
};

/** What is known of an environment before one is made. */
export interface EnvironmentSpec {
  readonly id: string;
  readonly observationSize: number;
  readonly actionCount: number;
  /** Mean return over 100 episodes from which Gymnasium counts it as solved; null where it does not say. */
  readonly rewardThreshold: number | null;
  /** No episode returns more than this. */
  readonly maxReturn: number;
  /** Bytes it needs of the core's memory. */
  readonly bytes: number;
  make(core: Core, ptr: number): Environment;
}

interface BuiltIn extends Omit<EnvironmentSpec, "make" | "bytes"> {
  /** Episodes are truncated after so many steps unless the options say otherwise. */
  readonly maxEpisodeSteps: number;
  readonly rewardPerStep: number;
  make(core: Core, ptr: number, maxEpisodeSteps: number, options: EnvironmentOptions): Environment;
}

function cartPole(id: string, maxEpisodeSteps: number, rewardThreshold: number): BuiltIn {
  return {
    id,
    observationSize: 4,
    actionCount: 2,
    maxEpisodeSteps,
    rewardThreshold,
    rewardPerStep: 1,
    maxReturn: maxEpisodeSteps,
    make: (core, ptr, limit, options) => new CartPole(core, ptr, limit, options),
  };
}

const builtIns: readonly BuiltIn[] = [
  cartPole("CartPole-v1", 500, 475),
  cartPole("CartPole-v0", 200, 195),
  {
    id: "MountainCar-v0",
    observationSize: 2,
    actionCount: 3,
    maxEpisodeSteps: 200,
    rewardThreshold: -110,
    rewardPerStep: 0,
    maxReturn: 0,
    make: (core, ptr, limit) => new MountainCar(core, ptr, limit),
  },
  {
    id: "Acrobot-v1",
    observationSize: 6,
    actionCount: 3,
    maxEpisodeSteps: 500,
    rewardThreshold: -100,
    rewardPerStep: 0,
    maxReturn: 0,
    make: (core, ptr, limit) => new Acrobot(core, ptr, limit),
  },
];

/** The ids of the built-in environments. */
export const environmentIds: readonly string[] = Object.freeze(builtIns.map(({ id }) => id));

/** @throws UsageError unless it is an environment of the user's own, as `customEnvironment` returns it */
export function refuseUnlessSpec(spec: EnvironmentSpec): void {
  const fits = typeof spec?.make === "function" && spec.observationSize > 0 && spec.actionCount > 0;
  refuseUnless(fits, "environment", "made by customEnvironment", spec);
}

/**
 * A built-in environment with options.
 * @throws UsageError if there is no such environment, or an option is not for it
 */
export function environmentSpec(
  id: string,
  options: EnvironmentOptions = plainEnvironment,
): EnvironmentSpec {
  const builtIn = builtIns.find((candidate) => candidate.id === id);
  if (builtIn === undefined) {
    throw new UsageError(
      `env must be one of ${environmentIds.join(", ")}, or the path of a module, got "${id}".`,
    );
  }
  if (!id.startsWith("CartPole")) refuseCartPoleOptions(id, options);
  const { maxEpisodeSteps } = options;
  const limit = maxEpisodeSteps === 0 ? Infinity : (maxEpisodeSteps ?? builtIn.maxEpisodeSteps);
  const spec: EnvironmentSpec = {
    ...builtIn,
    maxReturn: builtIn.rewardPerStep > 0 ? limit * builtIn.rewardPerStep : builtIn.maxReturn,
    bytes: classicControlBytes,
    make: (core, ptr) => builtIn.make(core, ptr, limit, options),
  };
  return wrap(spec, options);
}

/**
 * An environment of the user's own with a time limit, noise on its observations and frames stacked, as the options ask for.
 * @throws UsageError if an option is for CartPole
 */
export function wrapCustom(spec: EnvironmentSpec, options: EnvironmentOptions): EnvironmentSpec {
  refuseUnlessSpec(spec);
  refuseCartPoleOptions(spec.id, options);
  const { maxEpisodeSteps } = options;
  if (maxEpisodeSteps === null || maxEpisodeSteps === 0) return wrap(spec, options);
  const make: EnvironmentSpec["make"] = (core, ptr) =>
    new TimeLimit(spec.make(core, ptr), maxEpisodeSteps);
  return wrap({ ...spec, make }, options);
}

function refuseCartPoleOptions(id: string, options: EnvironmentOptions): void {
  if (options.forceNoise > 0 || options.targetPosition !== null) {
    throw new UsageError(`forceNoise and targetPosition are for CartPole alone, got env "${id}".`);
  }
}

function wrap(
  spec: EnvironmentSpec,
  { frameStack, observationNoise }: EnvironmentOptions,
): EnvironmentSpec {
  return {
    ...spec,
    observationSize: frameStack * spec.observationSize,
    make(core, ptr) {
      let environment = spec.make(core, ptr);
      if (observationNoise > 0) environment = new ObservationNoise(environment, observationNoise);
      if (frameStack > 1) environment = new FrameStack(environment, frameStack);
      return environment;
    },
  };
}

/**
 * Makes a built-in environment with a small memory of its own.
 * @throws UsageError if there is no such environment
 */
export function makeEnvironment(
  id: string,
  options: Partial<EnvironmentOptions> & { readonly backend?: Backend } = {},
): Environment {
  refuseUnlessObject(options, "options");
  const { backend = "wasm", ...changes } = options;
  const spec = environmentSpec(id, { ...plainEnvironment, ...changes });
  return spec.make(createCore(backend, spec.bytes), 0);
}
